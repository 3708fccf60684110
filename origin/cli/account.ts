import { parseArgs } from 'node:util'
import * as z from 'zod'
import { DisplayName, Email, NewPassword, Role, roles } from '../../shared/account.ts'
import { Country } from '../../shared/place.ts'
import { requireGoodPassword } from '../accounts/password-rules.ts'
import { changeRole, createVerifiedAccount, findAccountByEmail } from '../accounts/verified-accounts.ts'
import { runCommand, stackContext, stackOptions, stackRegions, UsageError } from './stack.ts'

const usage = `Usage:
  npm run account -- create EMAIL --password P [--role R] [--region na] [--name N] [--country CC] [--data DIR]
      makes an account whose address counts as verified
  npm run account -- role EMAIL ROLE [--region na] [--data DIR]
      changes the role of an account and ends its sessions

Roles: ${roles.join(', ')}`

const options = {
  ...stackOptions,
  password: { type: 'string' },
  role: { type: 'string' },
  name: { type: 'string' },
  country: { type: 'string' },
  help: { type: 'boolean' },
} as const

const Creation = z.object({
  email: Email,
  password: NewPassword,
  role: Role,
  name: DisplayName,
  country: Country.optional(),
})

await runCommand(async () => {
  const argv = process.argv.slice(2)
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true })
  const [command, email, role, ...rest] = positionals
  if (values.help) return console.log(usage)
  if (command === 'create' && email && !role) return create(argv, email, values)
  if (command === 'role' && email && role && rest.length === 0) return setRole(argv, email, role)
  throw new UsageError(usage)
})

type Values = { password?: string; role?: string; name?: string; country?: string }

async function create(
  argv: string[],
  email: string,
  { password, role = 'member', name, country }: Values,
): Promise<void> {
  if (password === undefined) throw new UsageError(`Cannot create ${email}: --password is missing\n\n${usage}`)
  const input = check(Creation, { email, password, role, name: name ?? email.split('@')[0]?.slice(0, 60), country })
  await requireGoodPassword(input.password, { email: input.email })
  const ctx = await stackContext(argv)
  try {
    const account = await createVerifiedAccount(ctx, {
      email: input.email,
      password: input.password,
      displayName: input.name,
      role: input.role,
      ...(input.country && { country: input.country }),
    })
    console.log(`Created ${account.id} for ${account.email}: ${account.role} in ${ctx.region}`)
  } finally {
    await ctx.db.destroy()
  }
}

/** Looks in every region of the stack, or in the one that is named. */
async function setRole(argv: string[], email: string, role: string): Promise<void> {
  const input = check(z.object({ email: Email, role: Role }), { email, role })
  const { values } = parseArgs({ args: argv, options, allowPositionals: true })
  for (const region of stackRegions(argv).filter(one => values.region === undefined || one === values.region)) {
    const ctx = await stackContext(argv, region)
    try {
      if (!(await findAccountByEmail(ctx, input.email))) continue
      const account = await changeRole(ctx, input.email, input.role)
      return console.log(`${account.email} is ${account.role} in ${region} now; sign in again to use it`)
    } finally {
      await ctx.db.destroy()
    }
  }
  throw new UsageError(`Cannot change the role of ${email}: there is no such account`)
}

function check<S extends z.ZodType>(schema: S, input: z.input<S> | object): z.output<S> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new UsageError(parsed.error.issues.map(issue => `${issue.path.join('.')} ${issue.message}`).join('\n'))
}
