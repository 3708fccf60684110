import { createId } from '../shared/ids.ts'
import { startStack } from './running-stack.ts'

/**
 * What `.ci/run` ends with: the README's start command on a free port, the home page, one post written and read back
 * through edge, origin and Postgres, and a clean stop.
 */
const { stack, output, stop } = await startStack()
process.stdout.write(output())
let failed = false
try {
  await walk()
} catch (error) {
  failed = true
  console.error(error)
}
const stopping = performance.now()
await stop()
console.log(`stopped in ${((performance.now() - stopping) / 1000).toFixed(1)} s`)
process.exit(failed ? 1 : 0)

async function walk(): Promise<void> {
  const home = await fetch(stack.site, { headers: { accept: 'text/html' } })
  const html = await home.text()
  expect(home.status === 200 && html.includes('<h1'), `the home page answers with a heading (${home.status})`)

  const login = stack.logins.find(each => each.region === 'eu' && each.role === 'member')
  expect(login !== undefined, 'a demo login of eu is printed')
  const { accessToken } = await json<{ accessToken: string }>(201, 'POST', '/sessions', {
    email: login?.email,
    password: login?.password,
  })
  const draft = await json<{ id: string }>(
    201,
    'POST',
    '/posts',
    {
      title: `Smoke test ladder ${createId('eu').slice(-6)}`,
      description: 'Three metres, folds flat.',
      category: 'hand-tools',
      price: { amount: 4500, currency: 'EUR' },
      location: { country: 'DE', subdivision: null, city: 'Berlin', lat: 52.52, lon: 13.405 },
    },
    accessToken,
  )
  expect(draft.id.startsWith('eu_'), 'the post lives in the home region of its account')
  await json(200, 'PUT', `/posts/${draft.id}/publication`, undefined, accessToken)
  const read = await json<{ id: string; status: string }>(200, 'GET', `/posts/${draft.id}`)
  expect(read.status === 'active', 'everybody reads the post back')
  const page = await fetch(`${stack.site}/p/${draft.id}/x`)
  expect((await page.text()).includes('Smoke test ladder'), 'its page shows the title')
  await json(204, 'DELETE', `/posts/${draft.id}`, undefined, accessToken)
  await json(410, 'GET', `/posts/${draft.id}`)
}

async function json<T>(status: number, method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const response = await fetch(`${stack.site}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  expect(
    response.status === status,
    `${method} ${path} answers ${status} (${response.status} ${status === response.status ? '' : text})`,
  )
  return (text ? JSON.parse(text) : undefined) as T
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Not so: ${what}`)
  console.log(`ok  ${what}`)
}
