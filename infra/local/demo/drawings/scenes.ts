import type { Random } from '../random.ts'
import { box, disc, oval, type Palette, shape, stroke } from './shapes.ts'

/** Where a thing stands; the canvas is 1,200 by 900 and the ground, where there is one, begins at 640. */
export type Scene = 'room' | 'table' | 'outdoors' | 'studio'

/** Draws what is behind a thing. */
export function drawScene(scene: Scene, p: Palette, random: Random): string {
  return scenes[scene](p, random)
}

const scenes: Record<Scene, (p: Palette, random: Random) => string> = {
  room: (p, random) =>
    box(0, 0, 1200, 900, p.wall) +
    (random.chance(0.5) ? stripes(p) : '') +
    (random.chance(0.6) ? frame(p, random.int(90, 220), random.int(70, 120)) : windowOn(p, random.int(820, 900))) +
    box(0, 640, 1200, 260, p.floor) +
    box(0, 628, 1200, 14, p.light, 0, { opacity: 0.75 }) +
    stroke('M0 730H1200M0 815H1200M260 640L210 730M700 640L690 730M470 730L440 815M980 730L1010 815', p.dark, 2, {
      opacity: 0.12,
    }),
  table: (p, random) =>
    box(0, 0, 1200, 900, p.wall) +
    windowOn(p, random.int(120, 820)) +
    box(0, 640, 1200, 260, p.second, 0, { opacity: 0.55 }) +
    box(0, 640, 1200, 22, p.dark, 0, { opacity: 0.12 }) +
    stroke(
      'M80 720C300 700 500 740 760 716M520 800C760 780 900 820 1120 796M120 850C220 840 280 858 380 848',
      p.dark,
      3,
      { opacity: 0.1 },
    ),
  outdoors: (p, random) =>
    box(0, 0, 1200, 900, p.wall) +
    disc(random.int(160, 1040), random.int(120, 220), 70, '#f2c14e', { opacity: 0.85 }) +
    cloud(random.int(100, 400), random.int(110, 200), p) +
    cloud(random.int(650, 950), random.int(90, 240), p) +
    shape('M0 560C180 440 340 480 520 540C700 420 900 430 1200 560V900H0Z', p.floor) +
    shape('M0 640C300 600 800 620 1200 640V900H0Z', p.main, { opacity: 0.35 }) +
    tree(random.int(60, 180), 600, p) +
    tree(random.int(1020, 1140), 610, p),
  studio: (p, random) =>
    box(0, 0, 1200, 900, p.light) +
    disc(600 + random.int(-80, 80), 430 + random.int(-30, 30), random.int(330, 390), p.wall) +
    disc(random.int(180, 330), random.int(160, 260), random.int(26, 60), p.second, { opacity: 0.6 }) +
    disc(random.int(900, 1040), random.int(180, 300), random.int(18, 46), p.accent, { opacity: 0.4 }) +
    box(0, 690, 1200, 210, p.floor, 0, { opacity: 0.5 }),
}

/** The soft shadow under a thing. */
export function shadow(x: number, y: number, width: number): string {
  return oval(x, y, width / 2, Math.max(width / 18, 10), '#000', { opacity: 0.16 })
}

function stripes(p: Palette): string {
  const lines = Array.from({ length: 12 }, (_, i) => `M${50 + i * 100} 0V628`).join('')
  return stroke(lines, p.light, 26, { opacity: 0.28 })
}

function frame(p: Palette, x: number, y: number): string {
  return (
    box(x, y, 190, 240, p.light, 4) +
    box(x + 16, y + 16, 158, 208, p.second, 2, { opacity: 0.6 }) +
    shape(
      `M${x + 16} ${y + 190}L${x + 70} ${y + 110}L${x + 110} ${y + 160}L${x + 140} ${y + 120}L${x + 174} ${y + 190}V${y + 224}H${x + 16}Z`,
      p.main,
      { opacity: 0.7 },
    ) +
    disc(x + 130, y + 70, 20, p.accent, { opacity: 0.8 })
  )
}

function windowOn(p: Palette, x: number): string {
  return (
    box(x, 80, 250, 320, p.light, 6) +
    box(x + 14, 94, 222, 292, p.second, 3, { opacity: 0.35 }) +
    shape(
      `M${x + 14} 386V320C${x + 70} 280 ${x + 110} 330 ${x + 150} 300C${x + 190} 276 ${x + 210} 300 ${x + 236} 290V386Z`,
      p.main,
      { opacity: 0.35 },
    ) +
    stroke(`M${x + 125} 94V386M${x + 14} 230H${x + 236}`, p.light, 10)
  )
}

function cloud(x: number, y: number, p: Palette): string {
  return shape(`M${x} ${y}a34 34 0 0 1 60 -22a46 46 0 0 1 84 8a28 28 0 0 1 20 54h-150a30 30 0 0 1 -14 -40z`, p.light, {
    opacity: 0.85,
  })
}

function tree(x: number, y: number, p: Palette): string {
  return (
    box(x - 9, y - 40, 18, 110, p.dark, 6, { opacity: 0.7 }) +
    oval(x, y - 90, 58, 88, p.main, { opacity: 0.75 }) +
    oval(x - 22, y - 60, 34, 50, p.main, { opacity: 0.5 })
  )
}
