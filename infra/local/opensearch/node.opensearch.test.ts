import { expect, inject, it } from 'vitest'

it('a real node keeps external versions: what is older does not overwrite what is newer', async () => {
  const url = inject('openSearchUrl')
  const put = (version: number, price: number) =>
    fetch(`${url}/versions/_doc/1?version=${version}&version_type=external`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ price }),
    })
  expect((await put(2, 20)).status).toBe(201)
  expect((await put(1, 10)).status).toBe(409)
  const kept = await (await fetch(`${url}/versions/_doc/1`)).json()
  expect(kept).toMatchObject({ _version: 2, _source: { price: 20 } })
})
