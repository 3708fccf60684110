import type { Locator, Page } from 'playwright-core'

/**
 * Presses a form's button as a person does and waits for the page that follows.
 * @param intent the value of the button named `intent`, where a form has several
 */
export async function submit(page: Page, form: Locator, intent?: string): Promise<void> {
  const button = intent
    ? form.locator(`button[name=intent][value=${intent}]:not([aria-hidden])`)
    : form.locator('button[type=submit]:not([aria-hidden]), button:not([type])')
  // The same form may stand in a closed menu too: a person presses the one that can be seen.
  const target = button.filter({ visible: true }).first()
  await target.scrollIntoViewIfNeeded()
  await Promise.all([page.waitForEvent('framenavigated', { timeout: 20_000 }), target.click()])
  await page.waitForLoadState('load')
}
