import { readFileSync } from 'node:fs'
import { type Category, categories } from '../shared/category.ts'
import { interfaceIcons } from './icon-names.ts'

/**
 * Draws the one SVG file that holds every icon we use, each as a `<symbol>` that `<use href="…#name">` shows.
 * Stroke and fill are left to the page, so one drawing serves both colour schemes.
 * @param icons folder of lucide-static's SVG files
 */
export function drawSprite(icons: string): string {
  const names = new Set<string>([...interfaceIcons, ...categories.flatMap(iconsUnder)])
  const symbols = [...names]
    .sort()
    .map(name => `<symbol id="${name}" viewBox="0 0 24 24">${read(icons, name)}</symbol>`)
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`
}

function iconsUnder(category: Category): string[] {
  return [category.icon, ...category.children.flatMap(iconsUnder)]
}

function read(folder: string, name: string): string {
  const drawing = readFileSync(`${folder}/${name}.svg`, 'utf8')
  const inside = drawing.slice(drawing.indexOf('>', drawing.indexOf('<svg')) + 1, drawing.lastIndexOf('</svg>'))
  return inside.replace(/\s+/g, ' ').replace(/ ?\/>/g, '/>').replace(/> </g, '><').trim()
}
