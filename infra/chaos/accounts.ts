import { hashPassword } from '../../origin/accounts/passwords.ts'
import { createVerifiedAccount } from '../../origin/accounts/verified-accounts.ts'
import { stackContext } from '../../origin/cli/stack.ts'
import type { Region } from '../../shared/regions.ts'

export type ChaosAccount = { id: string; email: string; password: string; region: Region; role: 'seller' | 'buyer' }

const password = 'nothing survives like a ledger'
const crowd = [
  { region: 'na', role: 'seller', count: 4 },
  { region: 'na', role: 'buyer', count: 5 },
  { region: 'eu', role: 'seller', count: 2 },
  { region: 'eu', role: 'buyer', count: 5 },
] as const

/** Makes the people of a run: sellers and buyers in two regions, so that mails and news of threads cross between them. */
export async function createAccounts(data: string): Promise<ChaosAccount[]> {
  const passwordHash = await hashPassword(password)
  const made: ChaosAccount[] = []
  for (const { region, role, count } of crowd) {
    const ctx = await stackContext(['--data', data], region)
    for (let n = 0; n < count; n++) {
      const email = `${role}-${region}-${n}@chaos.example`
      const account = await createVerifiedAccount(ctx, { email, displayName: `${role} ${n}`, passwordHash })
      made.push({ id: account.id, email, password, region, role })
    }
    await ctx.db.destroy()
  }
  return made
}
