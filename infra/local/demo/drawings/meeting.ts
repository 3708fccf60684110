import type { Motif } from './motif.ts'
import { shadow } from './scenes.ts'
import { box, disc, oval, shape, stroke } from './shapes.ts'

/** What people do for and with each other. */
export const art: readonly Motif[] = [
  {
    name: 'a framed painting',
    scenes: ['room', 'studio'],
    draw: (p, random) => {
      const y = random.int(430, 500)
      return (
        box(350, 190, 500, 430, p.dark, 6) +
        box(376, 216, 448, 378, p.light) +
        box(406, 246, 388, 318, p.second) +
        disc(random.int(480, 720), random.int(310, 370), 46, p.accent) +
        shape(
          `M406 ${y}C480 ${y - 60} 560 ${y + 40} 640 ${y - 20}C700 ${y - 60} 760 ${y} 794 ${y - 20}V564H406Z`,
          p.main,
        )
      )
    },
  },
  {
    name: 'an easel with paints',
    scenes: ['room', 'studio'],
    draw: p =>
      shadow(580, 730, 440) +
      stroke('M580 180V724M440 724L560 240M720 724L600 240', '#8a5a3a', 18) +
      box(420, 260, 320, 300, p.light, 4) +
      shape('M440 520L520 400L590 480L650 390L720 520Z', p.main) +
      disc(670, 330, 30, p.accent) +
      oval(900, 690, 110, 40, p.second) +
      [
        [860, 684],
        [900, 672],
        [944, 690],
      ]
        .map(([x = 0, y = 0], i) => disc(x, y, 14, [p.main, p.accent, p.dark][i] ?? p.main))
        .join(''),
  },
  {
    name: 'an old camera and a jug',
    scenes: ['table', 'room'],
    draw: p =>
      shadow(600, 724, 640) +
      shape('M330 720C300 600 350 560 380 480H520C550 560 600 600 570 720Z', p.main) +
      stroke('M566 560C640 560 640 660 574 670', p.main, 22) +
      stroke('M350 620C420 650 500 650 560 620', p.light, 10, { opacity: 0.6 }) +
      box(680, 500, 250, 220, p.dark, 16) +
      disc(800, 610, 72, p.second) +
      disc(800, 610, 44, p.dark) +
      box(710, 460, 90, 46, p.accent, 8),
  },
]

export const tickets: readonly Motif[] = [
  {
    name: 'two tickets',
    scenes: ['table', 'studio'],
    draw: p => ticket(p.second, p.dark, -9) + ticket(p.main, p.light, 6),
  },
  {
    name: 'a stage with lights',
    scenes: ['studio'],
    draw: p =>
      box(200, 180, 800, 540, p.dark, 16) +
      shape('M380 180L300 640H520L420 180Z', p.second, { opacity: 0.45 }) +
      shape('M620 180L540 640H720L650 180Z', p.accent, { opacity: 0.45 }) +
      shape('M830 180L740 640H940L870 180Z', p.second, { opacity: 0.45 }) +
      box(200, 640, 800, 80, p.main) +
      stroke('M600 640V500M570 480L640 460', p.light, 10) +
      disc(650, 458, 18, p.light),
  },
]

export const jobs: readonly Motif[] = [
  {
    name: 'a desk at work',
    scenes: ['room'],
    draw: p =>
      shadow(600, 730, 760) +
      box(260, 540, 680, 32, p.main, 8) +
      stroke('M310 572V722M890 572V722', p.main, 26) +
      box(420, 340, 280, 180, p.dark, 12) +
      box(436, 356, 248, 148, p.second, 4) +
      box(540, 520, 40, 24, p.dark) +
      shape('M780 540L772 460H838L830 540Z', p.accent) +
      stroke('M794 460V400M812 460V384M826 460V410', p.dark, 8) +
      box(300, 510, 90, 30, p.light, 4),
  },
  {
    name: 'an apron, a cup and a tray',
    scenes: ['room', 'table'],
    draw: p =>
      stroke('M520 260C520 200 680 200 680 260', p.dark, 10) +
      shape('M500 260H700L720 400C800 420 800 460 790 720H410C400 460 400 420 480 400Z', p.main) +
      box(500, 500, 200, 120, p.dark, 10, { opacity: 0.25 }) +
      oval(900, 700, 140, 24, p.dark, { opacity: 0.6 }) +
      shape('M850 600H950L936 690H864Z', p.light) +
      stroke('M948 616C990 610 990 660 942 664', p.light, 12),
  },
]

export const services: readonly Motif[] = [
  {
    name: 'a moving van with boxes',
    scenes: ['outdoors'],
    draw: p =>
      shadow(600, 730, 820) +
      box(230, 380, 470, 290, p.light, 12) +
      shape('M700 460H850L940 560V670H700Z', p.main) +
      shape('M740 490H836L892 560H740Z', p.wall) +
      box(290, 440, 160, 30, p.accent, 8) +
      disc(360, 676, 56, p.dark) +
      disc(360, 676, 24, p.floor) +
      disc(830, 676, 56, p.dark) +
      disc(830, 676, 24, p.floor) +
      box(980, 600, 120, 120, p.second, 6) +
      stroke('M1040 600V720', p.dark, 6, { opacity: 0.3 }),
  },
  {
    name: 'buckets and brushes for painting',
    scenes: ['room', 'studio'],
    draw: p =>
      shadow(600, 726, 640) +
      shape('M340 500H600L580 720H360Z', p.light) +
      oval(470, 500, 130, 28, p.main) +
      stroke('M344 510C360 400 580 400 596 510', p.dark, 9) +
      shape('M340 500C360 560 380 520 400 580C420 620 440 520 460 520Z', p.main) +
      stroke('M860 330V560', '#8a5a3a', 26) +
      box(800, 540, 120, 60, p.dark, 8) +
      shape('M806 600H914L904 716H816Z', p.accent),
  },
]

export const community: readonly Motif[] = [
  {
    name: 'a table laid outdoors, with bunting',
    scenes: ['outdoors'],
    draw: (p, random) =>
      stroke('M180 240C420 330 780 330 1020 240', p.dark, 5) +
      Array.from({ length: 9 }, (_, i) => {
        const x = 230 + i * 88
        const y = 262 + Math.round(56 * Math.sin(((i + 0.5) * Math.PI) / 9))
        return shape(`M${x} ${y}H${x + 60}L${x + 30} ${y + 66}Z`, random.pick([p.main, p.second, p.accent]))
      }).join('') +
      shadow(600, 730, 760) +
      box(280, 560, 640, 40, p.light, 8) +
      shape(
        'M280 600H920L900 650L860 610L820 650L780 610L740 650L700 610L660 650L620 610L580 650L540 610L500 650L460 610L420 650L380 610L340 650L300 610Z',
        p.main,
        { opacity: 0.8 },
      ) +
      stroke('M340 640V724M860 640V724', p.dark, 18) +
      shape('M560 560L548 500H652L640 560Z', p.accent) +
      disc(420, 536, 26, p.second) +
      disc(780, 536, 26, p.second),
  },
  {
    name: 'a notice board',
    scenes: ['room', 'studio'],
    draw: (p, random) =>
      box(300, 220, 600, 400, '#8a5a3a', 10) +
      box(324, 244, 552, 352, '#d6b48a', 4) +
      [0, 1, 2, 3, 4, 5]
        .map(i => {
          const [x, y] = [350 + (i % 3) * 176, 270 + Math.floor(i / 3) * 166]
          const colour = random.pick([p.light, p.second, p.wall])
          return (
            box(x, y, 146, 128, colour, 3, { turn: [random.int(-5, 5), x + 73, y + 64] }) +
            disc(x + 73, y + 12, 9, p.accent) +
            stroke(`M${x + 22} ${y + 50}H${x + 118}M${x + 22} ${y + 78}H${x + 96}`, p.dark, 5, { opacity: 0.35 })
          )
        })
        .join(''),
  },
]

export const freeStuff: readonly Motif[] = [
  {
    name: 'a box of things to give away',
    scenes: ['room', 'outdoors', 'studio'],
    draw: (p, random) =>
      shadow(600, 728, 640) +
      disc(random.int(460, 500), 450, 66, p.accent) +
      box(560, 360, 90, 180, p.main, 8, { turn: [random.int(-10, 4), 605, 450] }) +
      shape('M700 500L680 380H780L760 500Z', p.second) +
      box(340, 500, 520, 220, '#c79a63', 4) +
      shape('M340 500L250 440L300 420L400 500Z', '#b5854e') +
      shape('M860 500L950 440L900 420L800 500Z', '#b5854e') +
      shape('M600 560C570 530 520 560 600 640C680 560 630 530 600 560Z', p.light),
  },
  {
    name: 'a chair with a bow',
    scenes: ['room', 'outdoors', 'studio'],
    draw: p =>
      shadow(600, 730, 340) +
      box(460, 520, 280, 40, p.main, 12) +
      stroke('M480 560L464 722M720 560L736 722M480 520L470 280M720 520L730 280', p.main, 22) +
      stroke('M478 320H724M476 390H726', p.main, 20) +
      shape('M600 430C540 380 520 460 600 440C680 460 660 380 600 430Z', p.accent) +
      stroke('M600 436L570 500M600 436L630 500', p.accent, 14),
  },
]

function ticket(paper: string, ink: string, turn: number): string {
  const inner =
    shape('M320 400H880V470A36 36 0 0 0 880 542V620H320V542A36 36 0 0 0 320 470Z', paper) +
    stroke('M740 410V612', ink, 5, { opacity: 0.5 }) +
    box(370, 450, 220, 26, ink, 13, { opacity: 0.75 }) +
    box(370, 500, 300, 16, ink, 8, { opacity: 0.4 }) +
    box(370, 536, 250, 16, ink, 8, { opacity: 0.4 }) +
    disc(812, 510, 34, ink, { opacity: 0.5 })
  return `<g transform="rotate(${turn} 600 510)">${inner}</g>`
}
