import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium as playwright } from 'playwright-core'

const systemPaths: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
}

/**
 * Starts a headless Chromium: the one that CHROMIUM_PATH names, else the one that npm brings (Linux x64), else one of
 * the system's.
 * @throws {Error} in words when there is none
 */
export async function launchChromium(): Promise<Browser> {
  const args = [
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-gpu',
  ]
  // Chromium refuses its own sandbox to root, and the npm build has no setuid helper.
  if (process.platform === 'linux') args.push('--no-sandbox', '--disable-setuid-sandbox', '--disable-dev-shm-usage')
  return playwright.launch({ executablePath: await findChromium(), args, headless: true })
}

async function findChromium(): Promise<string> {
  const named = process.env.CHROMIUM_PATH
  if (named) return named
  if (process.platform === 'linux' && process.arch === 'x64') return unpackedChromium()
  const found = systemPaths[process.platform]?.find(path => existsSync(path))
  if (!found) throw new Error('Cannot find a browser: install Chrome or Chromium, or set CHROMIUM_PATH to its program')
  return found
}

/**
 * The npm package unpacks itself to TMPDIR and reuses what lies there whatever its version: a folder each. Its own list
 * of fonts names fixed folders, and Chromium dies without any font, so it is given another list.
 */
async function unpackedChromium(): Promise<string> {
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x'
  const before = process.env.TMPDIR
  const folder = join(tmpdir(), `classifyhub-chromium-153-${userInfo().username}`)
  mkdirSync(folder, { recursive: true })
  process.env.TMPDIR = folder
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    const program = await chromium.executablePath()
    process.env.FONTCONFIG_FILE = writeFontList(folder)
    return program
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

function writeFontList(folder: string): string {
  const file = join(folder, 'classifyhub-fonts.conf')
  const folders = [join(folder, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts']
  const list = folders.map(each => `<dir>${each}</dir>`).join('')
  writeFileSync(
    file,
    `<?xml version="1.0"?><fontconfig>${list}<cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>\n`,
  )
  return file
}
