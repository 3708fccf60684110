import { linkIn, waitForMail } from '../mail.ts'
import { createVisitor, hiddenField, type Visitor } from './browser-like.ts'

let made = 0

/** A new member in the US, who has registered and confirmed the address by forms and mail, and is signed in. */
export async function register(
  { site, mail }: { site: string; mail: string },
  password: string,
): Promise<{ visitor: Visitor; email: string }> {
  const visitor = createVisitor(site)
  const email = `visitor-${process.pid}-${Date.now()}-${made++}@example.com`
  await visitor.get('/?from=US')
  await visitor.post('/register', { email, password, displayName: 'Olga', country: '' })
  const link = new URL(linkIn((await waitForMail(mail, email, /./)).text, '/verify'))
  const page = await visitor.get(link.pathname + link.search)
  await visitor.post('/verify', { token: hiddenField(page, 'token') })
  return { visitor, email }
}
