import type { Motif } from './motif.ts'
import { shadow } from './scenes.ts'
import { box, disc, oval, shape, stroke } from './shapes.ts'

/** Things that are used, worn, played and read. */
export const phones: readonly Motif[] = [
  {
    name: 'a phone',
    scenes: ['table', 'studio'],
    draw: (p, random) =>
      shadow(600, 724, 320) +
      box(470, 250, 260, 474, p.dark, 40) +
      box(484, 264, 232, 446, p.main, 30) +
      disc(600, 430, 70, p.second, { opacity: 0.85 }) +
      shape('M484 580C560 520 640 620 716 560V680C716 700 704 710 690 710H510C494 710 484 700 484 680Z', p.accent, {
        opacity: 0.8,
      }) +
      box(566, 276, 68, 16, p.dark, 8) +
      (random.chance(0.5)
        ? stroke('M760 716C860 700 820 620 900 600', p.light, 14) + box(890, 576, 50, 40, p.light, 8)
        : ''),
  },
  {
    name: 'the back of a phone with its cameras',
    scenes: ['table', 'studio'],
    draw: p =>
      shadow(600, 724, 320) +
      box(470, 250, 260, 474, p.main, 40) +
      box(490, 272, 110, 120, p.dark, 26, { opacity: 0.6 }) +
      [
        [522, 306],
        [568, 306],
        [522, 356],
      ]
        .map(([x = 0, y = 0]) => disc(x, y, 20, p.dark, { stroke: p.light, width: 4 }))
        .join('') +
      disc(568, 356, 8, p.second) +
      disc(600, 520, 24, p.light, { opacity: 0.5 }),
  },
]

export const electronics: readonly Motif[] = [
  {
    name: 'a laptop',
    scenes: ['table', 'studio'],
    draw: (p, random) =>
      shadow(600, 724, 720) +
      box(330, 300, 540, 350, p.dark, 18) +
      box(348, 318, 504, 306, p.main, 6) +
      shape(
        `M348 ${random.int(500, 560)}L470 ${random.int(400, 480)}L600 540L720 ${random.int(380, 460)}L852 520V624H348Z`,
        p.second,
        { opacity: 0.8 },
      ) +
      disc(random.int(420, 780), 390, 34, p.light, { opacity: 0.9 }) +
      shape('M250 650H950L920 712C916 722 908 724 900 724H300C292 724 284 722 280 712Z', p.floor) +
      box(530, 650, 140, 16, p.dark, 8, { opacity: 0.3 }),
  },
  {
    name: 'a camera with its lens',
    scenes: ['table', 'studio'],
    draw: p =>
      shadow(600, 724, 560) +
      box(330, 430, 540, 290, p.dark, 36) +
      box(330, 510, 540, 140, p.main, 0) +
      shape('M500 430L530 370H670L700 430Z', p.dark) +
      disc(600, 570, 130, p.floor) +
      disc(600, 570, 104, p.dark) +
      disc(600, 570, 66, p.main) +
      disc(574, 544, 22, p.light, { opacity: 0.8 }) +
      box(380, 400, 70, 34, p.accent, 12) +
      disc(812, 470, 14, p.second),
  },
  {
    name: 'headphones and a speaker',
    scenes: ['table', 'room', 'studio'],
    draw: p =>
      shadow(600, 724, 640) +
      box(330, 330, 230, 390, p.main, 30) +
      disc(445, 440, 62, p.dark) +
      disc(445, 440, 28, p.second) +
      disc(445, 610, 88, p.dark) +
      disc(445, 610, 40, p.second) +
      stroke('M660 640C640 380 940 380 920 640', p.dark, 26) +
      box(626, 600, 74, 124, p.accent, 34) +
      box(880, 600, 74, 124, p.accent, 34),
  },
]

export const clothing: readonly Motif[] = [
  {
    name: 'a jacket on a hanger',
    scenes: ['room', 'studio'],
    draw: p =>
      stroke('M600 250C600 210 650 210 646 246C642 270 600 270 600 300', p.dark, 9) +
      stroke('M440 370L600 300L760 370', p.dark, 12) +
      shape(
        'M520 330C560 380 640 380 680 330L780 370L860 620L780 650L750 540V724H450V540L420 650L340 620L420 370Z',
        p.main,
      ) +
      stroke('M600 370V720', p.dark, 6, { opacity: 0.5 }) +
      [440, 520, 600, 680].map(y => disc(616, y, 8, p.second)).join('') +
      box(476, 590, 90, 14, p.dark, 7, { opacity: 0.35 }) +
      box(646, 590, 90, 14, p.dark, 7, { opacity: 0.35 }),
  },
  {
    name: 'a pair of shoes',
    scenes: ['room', 'studio'],
    draw: p => shadow(600, 726, 760) + shoe(250, 40, p.main, p.light, p.dark) + shoe(560, 0, p.main, p.light, p.dark),
  },
  {
    name: 'a bag and a hat',
    scenes: ['table', 'room', 'studio'],
    draw: p =>
      shadow(600, 724, 640) +
      stroke('M420 520C410 340 600 340 590 520', p.dark, 18) +
      shape('M330 500H680L720 720H290Z', p.main) +
      box(460, 480, 90, 70, p.second, 10) +
      oval(850, 690, 150, 34, p.accent) +
      shape('M760 690C760 560 780 540 850 540C920 540 940 560 940 690Z', p.accent) +
      box(762, 640, 176, 34, p.dark, 4, { opacity: 0.6 }),
  },
]

export const books: readonly Motif[] = [
  {
    name: 'a pile of books',
    scenes: ['table', 'room', 'studio'],
    draw: (p, random) =>
      shadow(600, 724, 560) +
      [p.main, p.second, p.accent, p.dark, p.main]
        .map((colour, i) => {
          const [w, x] = [random.int(360, 480), random.int(340, 400)]
          const y = 652 - i * 66
          return (
            box(x, y, w, 62, colour, 6) +
            box(x + w - 26, y + 8, 26, 46, p.light) +
            box(x + 40, y + 24, random.int(70, 130), 12, p.light, 6, { opacity: 0.7 })
          )
        })
        .join(''),
  },
  {
    name: 'an open book',
    scenes: ['table', 'studio'],
    draw: p =>
      shadow(600, 714, 760) +
      shape(
        'M260 470C380 420 540 430 600 480C660 430 820 420 940 470V700C820 660 660 664 600 706C540 664 380 660 260 700Z',
        p.main,
      ) +
      shape('M284 480C390 440 540 446 600 490V686C540 650 390 644 284 676Z', p.light) +
      shape('M916 480C810 440 660 446 600 490V686C660 650 810 644 916 676Z', p.light) +
      stroke(
        'M330 520C400 500 490 504 560 530M330 570C400 550 490 554 560 580M330 620C400 600 490 604 560 630M640 530C710 504 800 500 870 520M640 580C710 554 800 550 870 570',
        p.dark,
        5,
        { opacity: 0.35 },
      ) +
      shape('M800 430H850V560L825 536L800 560Z', p.accent),
  },
]

export const music: readonly Motif[] = [
  {
    name: 'a guitar',
    scenes: ['room', 'studio'],
    draw: p =>
      shadow(600, 730, 320) +
      box(578, 130, 44, 330, p.dark, 8) +
      box(564, 90, 72, 84, p.accent, 14) +
      shape(
        'M600 410C690 400 720 460 690 520C760 560 760 726 600 730C440 726 440 560 510 520C480 460 510 400 600 410Z',
        p.main,
      ) +
      disc(600, 560, 50, p.dark) +
      box(546, 650, 108, 18, p.dark, 6) +
      stroke('M588 140V656M600 140V656M612 140V656', p.light, 2.5, { opacity: 0.8 }),
  },
  {
    name: 'an upright piano',
    scenes: ['room'],
    draw: p =>
      shadow(600, 730, 720) +
      box(290, 320, 620, 404, p.main, 10) +
      box(270, 300, 660, 34, p.dark, 8) +
      box(270, 530, 660, 56, p.light, 6) +
      Array.from({ length: 13 }, (_, i) => box(300 + i * 48, 530, 22, 34, p.dark)).join('') +
      box(330, 370, 540, 110, p.dark, 6, { opacity: 0.25 }) +
      box(520, 372, 160, 100, p.light, 4) +
      stroke('M540 400H660M540 424H660M540 448H640', p.dark, 4, { opacity: 0.5 }),
  },
  {
    name: 'a record player',
    scenes: ['table', 'studio'],
    draw: p =>
      shadow(600, 724, 680) +
      box(290, 560, 620, 150, p.main, 18) +
      oval(540, 560, 210, 62, p.dark) +
      oval(540, 560, 70, 22, p.accent) +
      oval(540, 560, 10, 4, p.light) +
      stroke('M830 530L720 556', p.light, 14) +
      disc(840, 530, 24, p.second) +
      disc(830, 650, 22, p.light) +
      box(340, 640, 120, 20, p.light, 10, { opacity: 0.5 }),
  },
]

export const tools: readonly Motif[] = [
  {
    name: 'a toolbox',
    scenes: ['table', 'outdoors', 'studio'],
    draw: p =>
      shadow(600, 724, 620) +
      stroke('M470 470C480 400 720 400 730 470', p.dark, 22) +
      box(310, 470, 580, 250, p.main, 20) +
      box(310, 470, 580, 70, p.accent, 20) +
      box(420, 530, 60, 44, p.light, 8) +
      box(720, 530, 60, 44, p.light, 8) +
      stroke('M360 640H840', p.dark, 6, { opacity: 0.25 }),
  },
  {
    name: 'a cordless drill',
    scenes: ['table', 'studio'],
    draw: p =>
      shadow(560, 724, 420) +
      box(380, 360, 330, 140, p.main, 40) +
      box(690, 390, 90, 80, p.dark, 12) +
      stroke('M780 430H900', '#9aa0a6', 14) +
      shape('M420 490H530L510 640H410Z', p.main) +
      box(370, 630, 200, 92, p.dark, 16) +
      box(520, 500, 26, 56, p.accent, 10) +
      box(430, 400, 130, 20, p.second, 10),
  },
  {
    name: 'hammer, saw and spanner on a board',
    scenes: ['room'],
    draw: p =>
      box(280, 220, 640, 400, p.second, 10, { opacity: 0.6 }) +
      box(360, 290, 130, 54, p.dark, 10) +
      box(410, 330, 28, 240, '#8a5a3a', 10) +
      shape('M560 320H780L760 380L560 360Z', '#c4c8cd') +
      box(760, 300, 90, 92, p.main, 22) +
      stroke('M600 560L760 470', '#8d949b', 26) +
      disc(780, 458, 38, 'none', { stroke: '#8d949b', width: 22 }) +
      disc(590, 566, 22, '#8d949b'),
  },
]

function shoe(x: number, up: number, colour: string, sole: string, dark: string): string {
  const y = -up
  return (
    shape(
      `M${x + 40} ${y + 690}V${y + 540}C${x + 60} ${y + 520} ${x + 130} ${y + 520} ${x + 150} ${y + 560}C${x + 210} ${y + 600} ${x + 330} ${y + 610} ${x + 380} ${y + 650}V${y + 700}H${x + 40}Z`,
      colour,
    ) +
    box(x + 30, y + 690, 356, 34, sole, 16) +
    stroke(
      `M${x + 150} ${y + 570}L${x + 190} ${y + 556}M${x + 184} ${y + 592}L${x + 222} ${y + 574}M${x + 220} ${y + 610}L${x + 258} ${y + 592}`,
      dark,
      8,
    )
  )
}
