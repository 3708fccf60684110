import { renderToString } from 'preact-render-to-string'
import type { Assets, Page, Shell } from './page-model.ts'

/** Renders a whole HTML document. Pure: the same arguments give the same text. */
export function renderDocument(shell: Shell, page: Page, _assets: Assets): string {
  return `<!doctype html>${renderToString(<html lang={shell.locale}>{page.name}</html>)}`
}

/** Renders what stands between `<!--viewer-->` and `<!--/viewer-->`, for pages that are shared by everybody. */
export function renderViewer(shell: Shell): string {
  return shell.viewer?.displayName ?? ''
}
