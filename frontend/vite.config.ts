import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { type Category, categories } from '../shared/category.ts'
import { interfaceIcons } from './icon-names.ts'
import type { Assets } from './page-model.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const font = path(
  '../node_modules/@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2',
)

/** `vite build --config frontend/vite.config.ts`: hashed files in dist/client/assets, their names in dist/client-manifest.json. */
export default defineConfig({
  root: path('.'),
  publicDir: path('public'),
  logLevel: 'warn',
  resolve: { alias: { 'bricolage.woff2': font } },
  build: {
    outDir: path('../dist/client'),
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome120', 'firefox121', 'safari17'],
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        client: path('client.ts'),
        site: path('styles/site.css'),
        home: path('styles/home.css'),
        search: path('styles/search.css'),
        pages: path('styles/pages.css'),
      },
    },
  },
  worker: { format: 'es' },
  plugins: [plainImports(), sprite(), manifest()],
})

/** Vite wraps each dynamic import in 2 kB that preload its styles; our islands have none. */
function plainImports(): Plugin {
  return {
    name: 'plain-imports',
    enforce: 'pre',
    load: {
      filter: { id: /vite\/preload-helper/ },
      handler: () => 'export const __vitePreload = load => load()',
    },
  }
}

function sprite(): Plugin {
  return {
    name: 'sprite',
    generateBundle() {
      const source = drawSprite(path('../node_modules/lucide-static/icons'))
      const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8)
      this.emitFile({ type: 'asset', fileName: `assets/icons-${hash}.svg`, source })
    },
  }
}

/** Written outside the public folder: the Worker imports it, nobody fetches it. */
function manifest(): Plugin {
  return {
    name: 'client-manifest',
    writeBundle({ dir = '' }, bundle) {
      const names = Object.keys(bundle)
      const find = (pattern: RegExp) => {
        const name = names.find(candidate => pattern.test(candidate))
        if (!name) throw new Error(`The build made no file like ${pattern}`)
        return `/${name}`
      }
      const assets: Assets = {
        css: find(/site-.*\.css$/),
        homeCss: find(/home-.*\.css$/),
        searchCss: find(/search-.*\.css$/),
        pageCss: find(/pages-.*\.css$/),
        js: find(/client-.*\.js$/),
        font: find(/\.woff2$/),
        icons: find(/icons-.*\.svg$/),
      }
      const file = `${dir}/../client-manifest.json`
      if (readIfAny(file) !== JSON.stringify(assets)) writeFileSync(file, JSON.stringify(assets))
    },
  }
}

function readIfAny(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * Draws the one SVG file that holds every icon we use, each as a `<symbol>` that `<use href="…#name">` shows.
 * Stroke and fill are left to the page, so one drawing serves both colour schemes.
 * @param icons folder of lucide-static's SVG files
 */
function drawSprite(icons: string): string {
  const names = new Set<string>([...interfaceIcons, ...categories.flatMap(iconsUnder)])
  const symbols = [...names]
    .sort()
    .map(name => `<symbol id="${name}" viewBox="0 0 24 24">${readDrawing(icons, name)}</symbol>`)
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`
}

function iconsUnder(category: Category): string[] {
  return [category.icon, ...category.children.flatMap(iconsUnder)]
}

function readDrawing(folder: string, name: string): string {
  const drawing = readFileSync(`${folder}/${name}.svg`, 'utf8')
  const inside = drawing.slice(drawing.indexOf('>', drawing.indexOf('<svg')) + 1, drawing.lastIndexOf('</svg>'))
  return inside.replace(/\s+/g, ' ').replace(/ ?\/>/g, '/>').replace(/> </g, '><').trim()
}
