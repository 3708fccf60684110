import { html, raw } from 'hono/html'
import type { Block, Button, Letter, PostFacts } from './letter.ts'

/** What surrounds a letter: the site, and for mail that can be muted the ways to do so. */
export type Frame = { siteUrl: string; settingsUrl: string | null; unsubscribeUrl: string | null }

export type Rendered = { subject: string; text: string; html: string }

/**
 * Renders a letter as HTML and as plain text. One column that reads at 320 px; colours inline for programs that know no
 * more, classes for those that know dark. No image and no font is fetched: opening a mail tells us nothing. The subject is
 * a sentence of ours and runs from left to right, also where it begins with a name that does not.
 */
export async function renderLetter(letter: Letter, frame: Frame): Promise<Rendered> {
  return { subject: letter.subject, text: textOf(letter, frame), html: String(await pageOf(letter, frame)) }
}

function textOf({ subject, greeting, blocks, reason }: Letter, frame: Frame): string {
  const { siteUrl, settingsUrl, unsubscribeUrl } = frame
  const foot = [
    reason,
    ...(unsubscribeUrl ? [`No more of these: ${unsubscribeUrl}`] : []),
    ...(settingsUrl ? [`What we may write to you about: ${settingsUrl}`] : []),
    `ClassifyHub · ${siteUrl}`,
  ]
  return `${[subject, greeting, ...blocks.map(textBlock), '--', foot.join('\n')].filter(Boolean).join('\n\n')}\n`
}

function textBlock(block: Block): string {
  switch (block.is) {
    case 'text':
      return block.text
    case 'post':
      return postLines(block.post)
    case 'quote':
      return [...(block.from ? [`${block.from} wrote:`] : []), block.text.replace(/^/gm, '> ')].join('\n')
    case 'facts':
      return block.facts.map(([label, value]) => `${label}: ${value}`).join('\n')
    case 'buttons':
      return block.buttons.map(({ label, url }) => `${label}:\n${url}`).join('\n\n')
    case 'address':
      return ''
  }
}

function postLines({ title, price, place, url, note }: PostFacts): string {
  return [title, [price, place].filter(Boolean).join(' · '), ...(note ? [note] : []), url]
    .map(line => `  ${line}`)
    .join('\n')
}

const paper = '#fbfaf7'
const card = '#ffffff'
const well = '#f2efe7'
const ink = '#1d2230'
const soft = '#5c6272'
const line = '#e4e1d8'
const sea = '#0b6468'
const sans = `-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Inter,Helvetica,Arial,sans-serif`
const head = `'Bricolage Grotesque',${sans}`

/** Dark is drawn, not inverted; the colours are the site's own. */
const styles = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
a{color:${sea}}
@media (max-width:480px){
.outer{padding:16px 12px!important}
.card{padding:24px 20px 16px!important}
h1{font-size:23px!important}
.btn{display:block!important;margin-right:0!important}
.label{display:block!important;width:auto!important;padding:10px 0 0!important}
.value{display:block!important;width:auto!important;padding:0 0 10px!important;border-top:0!important}
}
@media (prefers-color-scheme:dark){
.paper{background:#14161b!important}
.card{background:#1c1f27!important;border-color:#2d313b!important}
.well{background:#22262f!important}
.ink{color:#eceae4!important}
.soft,.soft a{color:#a4a8b3!important}
.soft a.sea,.sea{color:#6fd0cf!important}
.line{border-color:#2d313b!important}
.mark{background:#6fd0cf!important}
.go{background:#6fd0cf!important;color:#06292b!important}
.quiet{background:#1c1f27!important;color:#6fd0cf!important;border-color:#737886!important}
.said{border-color:#6fd0cf!important}
}`

function pageOf(
  { subject, preview, greeting, blocks, reason }: Letter,
  { siteUrl, settingsUrl, unsubscribeUrl }: Frame,
) {
  return html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>${subject}</title>
<style>${raw(styles)}</style>
</head>
<body class="paper" style="margin:0;padding:0;background:${paper};-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${preview}</div>
<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" style="background:${paper}"><tr>
<td class="outer" align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;text-align:left;font:16px/1.5 ${sans};overflow-wrap:anywhere">
<tr><td style="padding:0 4px 16px"><a class="ink" href="${siteUrl}" style="color:${ink};text-decoration:none;font:700 19px/1 ${head};letter-spacing:-0.02em"><span class="mark" style="display:inline-block;width:13px;height:13px;border-radius:4px 4px 4px 0;background:${sea};margin-right:8px"></span><span class="ink" style="color:${ink}">classifyhub</span></a></td></tr>
<tr><td class="card ink" style="background:${card};color:${ink};border:1px solid ${line};border-radius:18px;padding:36px 36px 24px">
<h1 class="ink" style="margin:0 0 20px;color:${ink};font:700 26px/1.2 ${head};letter-spacing:-0.02em">${subject}</h1>
${greeting ? paragraph(greeting) : ''}
${blocks.map(htmlBlock)}
</td></tr>
<tr><td class="soft" style="padding:20px 4px 0;color:${soft};font:13px/1.55 ${sans}">
<p style="margin:0 0 8px">${reason}</p>
<p style="margin:0">${unsubscribeUrl ? html`${footLink(unsubscribeUrl, 'No more of these')} · ` : ''}${settingsUrl ? html`${footLink(settingsUrl, 'What we write to you about')} · ` : ''}${footLink(siteUrl, 'ClassifyHub')}</p>
</td></tr>
</table>
</td></tr></table>
</body>
</html>
`
}

function htmlBlock(block: Block) {
  switch (block.is) {
    case 'text':
      return paragraph(block.text)
    case 'post':
      return postBox(block.post)
    case 'quote':
      return quoteBox(block.text, block.from)
    case 'facts':
      return factTable(block.facts)
    case 'buttons':
      return html`<div style="margin:26px 0 2px">${block.buttons.map(button)}</div>`
    case 'address':
      return html`<p class="soft" style="margin:14px 0 0;color:${soft};font-size:13px">Or open this address:<br><a class="sea" href="${block.url}" style="color:${sea};word-break:break-all">${block.url}</a></p>`
  }
}

function paragraph(text: string) {
  return html`<p class="ink" dir="auto" style="margin:0 0 14px;color:${ink}">${text}</p>
`
}

/** Price first, as on the site's cards. */
function postBox({ title, price, place, url, note }: PostFacts) {
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:18px 0"><tr><td class="well" style="background:${well};border-radius:14px;padding:16px 18px">
${price ? html`<div class="ink" style="color:${ink};font:700 19px/1.3 ${head};letter-spacing:-0.015em">${price}</div>` : ''}
<div class="ink" dir="auto" style="margin-top:2px"><a class="ink" href="${url}" style="color:${ink};text-decoration:underline;text-decoration-color:${soft};text-underline-offset:3px">${title}</a></div>
${place ? html`<div class="soft" dir="auto" style="margin-top:2px;color:${soft};font-size:14px">${place}</div>` : ''}
${note ? html`<div class="soft" style="margin-top:2px;color:${soft};font-size:14px">${note}</div>` : ''}
</td></tr></table>
`
}

function quoteBox(text: string, from: string | null) {
  return html`${from ? html`<p class="soft" style="margin:18px 0 6px;color:${soft};font-size:14px"><bdi>${from}</bdi> wrote:</p>` : ''}<blockquote class="said ink" dir="auto" style="margin:0 0 18px;padding:2px 0 2px 16px;border-left:3px solid ${sea};color:${ink};white-space:pre-wrap">${text}</blockquote>
`
}

function factTable(facts: readonly (readonly [string, string])[]) {
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:18px 0">
${facts.map(
  ([label, value], index) =>
    html`<tr><td class="soft line label" width="24%" valign="top" style="padding:9px 12px 9px 0;color:${soft};font-size:14px;${raw(ruleAbove(index))}">${label}</td><td class="ink line value" dir="auto" valign="top" style="padding:9px 0;color:${ink};${raw(ruleAbove(index))}">${value}</td></tr>`,
)}
</table>
`
}

function ruleAbove(index: number): string {
  return index === 0 ? '' : `border-top:1px solid ${line}`
}

function button({ label, url, quiet }: Button) {
  const look = quiet
    ? `background:${card};color:${sea};border:1px solid #868a95`
    : `background:${sea};color:#ffffff;border:1px solid transparent`
  return html`<a class="btn ${quiet ? 'quiet' : 'go'}" href="${url}" style="display:inline-block;margin:0 10px 12px 0;padding:12px 24px;border-radius:999px;${raw(look)};font-weight:600;line-height:1.4;text-align:center;text-decoration:none">${label}</a>`
}

function footLink(url: string, label: string) {
  return html`<a href="${url}" style="color:${soft}">${label}</a>`
}
