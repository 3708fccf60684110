import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium } from '../../../e2e/browser/chromium.ts'

/*
 * Every letter as its reader sees it on a small phone, light and dark. The files are those that `templates.unit.test.ts`
 * compares with what the templates write.
 */
const folder = new URL('snapshots/', import.meta.url)
const letters = readdirSync(folder).filter(name => name.endsWith('.html'))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser?.close())

it.each(['light', 'dark'] as const)(
  'letters read at 320 px, %s: no sideways scroll, WCAG 2.2 AA',
  async colorScheme => {
    const page = await browser.newPage({ viewport: { width: 320, height: 640 }, colorScheme })
    expect(letters.length).toBeGreaterThan(20)
    for (const name of letters) {
      await page.setContent(readFileSync(new URL(name, folder), 'utf8'))
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(over, `${name} scrolls sideways`).toBeLessThanOrEqual(0)
      const found = await page.evaluate(`(async () => {
      ${axe};
      const { violations } = await axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] });
      return violations.flatMap(({ id, nodes }) => nodes.map(node => id + ': ' + node.html.slice(0, 200)));
    })()`)
      expect(found, name).toEqual([])
    }
    await page.context().close()
  },
)
