/** Colours that go together; names say what they are for. */
export type Palette = {
  wall: string
  floor: string
  main: string
  second: string
  accent: string
  dark: string
  light: string
}

/** Seven moods, from morning to evening. */
export const palettes: readonly Palette[] = [
  {
    wall: '#f1e7d6',
    floor: '#d9c3a0',
    main: '#2f6f73',
    second: '#e0a458',
    accent: '#c8553d',
    dark: '#2b2f3a',
    light: '#fbf7ef',
  },
  {
    wall: '#dfe9ec',
    floor: '#b9c8c9',
    main: '#c8553d',
    second: '#f2c57c',
    accent: '#27548a',
    dark: '#27313a',
    light: '#f7fbfb',
  },
  {
    wall: '#efe0dc',
    floor: '#cfae9f',
    main: '#4a5d8f',
    second: '#e3b23c',
    accent: '#8f3b5c',
    dark: '#2d2a36',
    light: '#fdf6f2',
  },
  {
    wall: '#e3ead8',
    floor: '#b7bf9a',
    main: '#7a4b33',
    second: '#8aa04f',
    accent: '#d98e32',
    dark: '#2e3326',
    light: '#fafbf3',
  },
  {
    wall: '#e6e1f0',
    floor: '#b8aecb',
    main: '#6b4fa0',
    second: '#f0a6a0',
    accent: '#3a8f8a',
    dark: '#2a2740',
    light: '#f9f7fd',
  },
  {
    wall: '#f6e3c5',
    floor: '#dcb98a',
    main: '#b5483a',
    second: '#3d7a6d',
    accent: '#f0c24b',
    dark: '#3a2a24',
    light: '#fffaf0',
  },
  {
    wall: '#d6e2ea',
    floor: '#9fb4c4',
    main: '#e08e45',
    second: '#3b6ea5',
    accent: '#b33951',
    dark: '#22303c',
    light: '#f5f9fc',
  },
]

type Look = {
  fill?: string
  stroke?: string
  width?: number
  opacity?: number
  turn?: [degrees: number, x: number, y: number]
}

/** A rectangle, with round corners where `r` is given. */
export function box(x: number, y: number, w: number, h: number, fill: string, r = 0, look: Look = {}): string {
  return `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${r}"${lookOf({ fill, ...look })}/>`
}

export function disc(x: number, y: number, r: number, fill: string, look: Look = {}): string {
  return `<circle cx="${x}" cy="${y}" r="${r}"${lookOf({ fill, ...look })}/>`
}

export function oval(x: number, y: number, rx: number, ry: number, fill: string, look: Look = {}): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}"${lookOf({ fill, ...look })}/>`
}

/** A shape by SVG path data. */
export function shape(d: string, fill: string, look: Look = {}): string {
  return `<path d="${d}"${lookOf({ fill, ...look })}/>`
}

/** A line by SVG path data, with round ends. */
export function stroke(d: string, colour: string, width: number, look: Look = {}): string {
  return `<path d="${d}"${lookOf({ fill: 'none', stroke: colour, width, ...look })}/>`
}

/** A wheel with tyre, rim and spokes. */
export function wheel(x: number, y: number, r: number, tyre: string, rim: string, spokes: number): string {
  const lines = Array.from({ length: spokes }, (_, i) => {
    const angle = (i * Math.PI) / spokes
    const [dx, dy] = [Math.cos(angle) * (r - 6), Math.sin(angle) * (r - 6)].map(Math.round) as [number, number]
    return `M${x - dx} ${y - dy}L${x + dx} ${y + dy}`
  }).join('')
  return disc(x, y, r, 'none', { stroke: tyre, width: r / 7 }) + stroke(lines, rim, 2.5) + disc(x, y, r / 7, rim)
}

function lookOf({ fill, stroke, width, opacity, turn }: Look): string {
  return [
    fill === undefined ? '' : ` fill="${fill}"`,
    stroke === undefined ? '' : ` stroke="${stroke}" stroke-linecap="round" stroke-linejoin="round"`,
    width === undefined ? '' : ` stroke-width="${width}"`,
    opacity === undefined ? '' : ` opacity="${opacity}"`,
    turn === undefined ? '' : ` transform="rotate(${turn.join(' ')})"`,
  ].join('')
}
