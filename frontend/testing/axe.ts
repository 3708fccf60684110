import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const everyRule = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] as const

/** What axe finds wrong with a page as it is now, a line each. @param rules tags or names of rules */
export async function axeFaults(page: Page, rules: readonly string[] = everyRule): Promise<string[]> {
  await page.evaluate(() => document.fonts.ready.then(() => true))
  return page.evaluate(`(async () => {
    ${axe};
    const { violations } = await axe.run(document, { resultTypes: ['violations'], runOnly: ${JSON.stringify(rules)} });
    return violations.flatMap(({ id, nodes }) => nodes.map(node => id + ': ' + node.html.slice(0, 200)));
  })()`)
}

/** By how many CSS pixels a page scrolls sideways. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
