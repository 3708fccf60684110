import { describe, expect, it } from 'vitest'
import { assets, pages, postOf, shell } from './fixtures.ts'
import { jsonForScript } from './island.tsx'
import type { Page, PostPage, SearchPage } from './page-model.ts'
import { renderDocument, renderPostTools, renderUnread, renderViewer } from './render.tsx'

const nasty = '</script><script>alert(1)</script><!-- \u202Eevil\u202C "quoted" & \u2028'

const render = (page: Page, change = {}) => renderDocument({ ...shell, ...change }, page, assets)
const documents = Object.entries(pages).map(([name, { page, shell: change }]) => [name, render(page, change)] as const)

describe.each(documents)('the page %s', (_name, html) => {
  it('holds no inline style, script or handler', () => {
    expect(html).not.toMatch(/\sstyle=/)
    expect(html).not.toMatch(/<style/)
    expect(html).not.toMatch(/\son[a-z]+=/)
    for (const [tag] of html.matchAll(/<script[^>]*>/g)) expect(tag).toMatch(/ src="|type="application\/(ld\+)?json"/)
  })

  it('gives every control a name', () => {
    const labelled = new Set([...html.matchAll(/<label for="([^"]+)"/g)].map(match => match[1]))
    const inLabels = [...html.matchAll(/<label[ >](?!for).*?<\/label>/gs)].map(match => match[0]).join('')
    for (const [tag] of html.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)) {
      const id = / id="([^"]+)"/.exec(tag)?.[1]
      const named = tag.includes('type="hidden"') || tag.includes('aria-label=') || inLabels.includes(tag)
      expect(named || (id && labelled.has(id)), tag).toBeTruthy()
    }
  })

  it('has one h1 or a titled empty state, one main, and ids that occur once', () => {
    expect(html.match(/<main/g)).toHaveLength(1)
    expect(html).toMatch(/<h1|class="empty"/)
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(match => match[1])
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  it('puts what the form posts to under /', () => {
    for (const [, action] of html.matchAll(/<form[^>]* action="([^"]*)"/g)) expect(action).toMatch(/^\/(?!\/)/)
  })
})

describe('renderDocument', () => {
  it('escapes what people write, wherever it stands', () => {
    const post = postOf(0, {
      title: nasty,
      description: nasty,
      attributes: { brand: nasty },
      location: { country: 'US', subdivision: null, city: nasty, lat: 1, lon: 2 },
      seller: { id: 'na_x', displayName: nasty, memberSince: '2021-01-01T00:00:00.000Z' },
    })
    const html = render(
      { name: 'post', post, own: null, more: [post], usual: null, notice: null },
      { viewer: { displayName: nasty, role: 'moderator' }, place: { ...shell.place, city: nasty } },
    )
    expect(html).not.toContain('<script>alert')
    expect(html.match(/<!--/g)).toHaveLength(6)
    expect(html).toContain('&lt;/script>')
  })

  it('says in place of a removed message that it is, and to its author why', () => {
    const removed = pages['thread-removed']
    if (!removed) throw new Error('there is no such fixture')
    const html = render(removed.page, removed.shell)
    expect(html).toContain('Removed by a moderator. Only you see why: It asks for money before anything was seen.')
    expect(html.match(/Removed by a moderator\.</g)).toHaveLength(1)
  })

  it('keeps typed text in fields code point for code point, first line break included', () => {
    const values = { title: '"> <b>', description: '\n\n two\r\n😀 ' }
    const html = render({
      name: 'sell',
      step: 'form',
      category: 'bicycles',
      form: { values, errors: {} },
      formKey: 'k',
      placeOptions: [],
      edit: null,
    })
    expect(html).toContain('value="&quot;> &lt;b>"')
    expect(html).toMatch(/<textarea[^>]*>\n\n\n two\r?\n😀 <\/textarea>/)
  })

  it('never sends a password back', () => {
    const form = {
      values: { email: 'a@b.c', password: 'hunter2hunter2', currentPassword: 'hunter2hunter2' },
      errors: { password: 'is too short' },
    }
    for (const page of [
      { name: 'signIn', form, next: null, notice: null },
      { name: 'register', form },
      { name: 'reset', token: 't', form },
      { ...pages.account?.page, password: form, deletion: form },
      { name: 'error', status: 503, code: 'x', title: 'x', kept: { action: '/register', values: form.values } },
    ] as Page[]) {
      expect(render(page), page.name).not.toContain('hunter2')
    }
  })

  it('is the same for everybody but between the viewer, unread and tools markers', () => {
    const page = pages.post?.page as PostPage
    const strip = (html: string) => html.replace(/<!--(viewer|unread|tools)-->.*?<!--\/\1-->/gs, '')
    const viewer = { displayName: 'Kim', role: 'moderator' as const, unread: 120 }
    expect(strip(render(page, { viewer }))).toBe(strip(render(page)))
    expect(render(page, { viewer })).toContain(
      `<!--viewer-->${renderViewer({ ...shell, viewer }, assets)}<!--/viewer-->`,
    )
    expect(render(page, { viewer })).toContain(
      `<!--unread-->${renderUnread({ ...shell, viewer }, assets)}<!--/unread-->`,
    )
    expect(renderUnread({ ...shell, viewer }, assets)).toBe('99+<span class="sr"> unread</span>')
    expect(renderPostTools({ ...shell, viewer }, page, assets)).toContain('name="reason"')
  })

  it('tells how old those are that are like a post, as in every list', () => {
    const page = { name: 'post', post: postOf(0), own: null, more: [postOf(1)], usual: null, notice: null } as const
    expect(render(page)).toMatch(/More like this.*<div data-island="ages"><ul class="cards">/s)
  })

  it('offers a number of a category to search by where a post in sight has it, or somebody asked for it', () => {
    const search = pages.search?.page as SearchPage
    const items = search.result?.items.map(post => ({ ...post, attributes: {} })) ?? []
    const without = { ...search, result: { ...(search.result as NonNullable<SearchPage['result']>), items } }
    expect(render(search)).toContain('name="attr.gears.min"')
    expect(render(without)).not.toContain('name="attr.gears.min"')
    const asked = { ...without, filters: { ...without.filters, 'attr.gears.max': '9' } }
    expect(render(asked)).toContain('name="attr.gears.min"')
  })

  it('claims on the home page only what its cards show', () => {
    const home = { name: 'home', counts: { total: 0, newThisWeek: 0 }, notice: null } as const
    const empty = render({ ...home, scope: 'country', posts: [] })
    expect(empty).toContain('Nothing in the United States yet')
    expect(empty).not.toMatch(/Good finds|New in|New near/)
    expect(empty).toMatch(/<option value selected>Any distance/)
    const near = render({ ...home, scope: 'near', posts: [postOf(0)], counts: { total: 1, newThisWeek: 1 } })
    expect(near).toContain('1 new this week around Brooklyn')
    // The cards are near; a search begins in the whole country, as on every page.
    expect(near).toMatch(/<option value selected>Any distance/)
  })

  it('lets nobody index a sold post or a page of one’s own', () => {
    const post = pages.post?.page as PostPage
    expect(render(post)).toContain('<link rel="canonical" href="https://classifyhub.example/p/')
    expect(render({ ...post, post: { ...post.post, status: 'sold' } })).toContain('content="noindex"')
    expect(render({ name: 'notFound' })).toContain('content="noindex"')
  })

  it('names each faulty field once more in a summary that takes the focus', () => {
    const html = documents.find(([name]) => name === 'register-errors')?.[1] ?? ''
    expect(html).toMatch(/role="alert" tabindex="-1" autofocus/)
    expect(html).toContain('href="#f-email"')
    expect(html).toMatch(/id="f-email"[^>]* aria-invalid="true" aria-describedby="h-email"/)
  })
})

describe('jsonForScript', () => {
  it('cannot end its element, and reads back the same', () => {
    const json = jsonForScript({ nasty })
    expect(json).not.toMatch(/[<>\u2028]/)
    expect(JSON.parse(json)).toEqual({ nasty })
  })
})
