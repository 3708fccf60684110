import type { Motif } from './motif.ts'
import { shadow } from './scenes.ts'
import { box, disc, oval, shape, stroke } from './shapes.ts'

/** Things of a home, and homes. */
export const furniture: readonly Motif[] = [
  {
    name: 'a sofa',
    scenes: ['room', 'studio'],
    draw: (p, random) =>
      shadow(600, 728, 800) +
      box(250, 400, 700, 200, p.main, 40) +
      box(200, 480, 130, 200, p.main, 44) +
      box(870, 480, 130, 200, p.main, 44) +
      box(310, 540, 290, 110, p.second, 26, { opacity: 0.55 }) +
      box(602, 540, 290, 110, p.second, 26, { opacity: 0.55 }) +
      box(300, 640, 600, 50, p.main, 16) +
      stroke('M290 690V722M910 690V722', p.dark, 18) +
      box(random.int(350, 420), 450, 120, 110, p.accent, 22, { turn: [-9, 410, 505] }),
  },
  {
    name: 'an armchair and a lamp',
    scenes: ['room'],
    draw: p =>
      shadow(560, 728, 480) +
      box(390, 380, 340, 250, p.main, 70) +
      box(340, 490, 100, 190, p.main, 40) +
      box(680, 490, 100, 190, p.main, 40) +
      box(420, 560, 280, 100, p.second, 26) +
      stroke('M400 690L380 724M720 690L740 724', p.dark, 16) +
      stroke('M920 330V710M860 722H980', p.dark, 12) +
      shape('M850 330L880 210H960L990 330Z', p.accent),
  },
  {
    name: 'a table with chairs',
    scenes: ['room', 'studio'],
    draw: p =>
      shadow(600, 730, 820) +
      chair(300, p.second, p.dark) +
      chair(900, p.second, p.dark) +
      box(330, 500, 540, 34, p.main, 12) +
      stroke('M380 534L360 722M820 534L840 722', p.main, 24) +
      shape('M560 500L548 420H652L640 500Z', p.light) +
      stroke('M600 420V340M600 380C560 370 548 340 552 316M600 360C640 350 656 320 650 296', p.accent, 8),
  },
  {
    name: 'a bookcase',
    scenes: ['room', 'studio'],
    draw: (p, random) =>
      shadow(600, 726, 460) +
      box(400, 210, 400, 512, p.main, 8) +
      [0, 1, 2, 3]
        .map(row => {
          const y = 232 + row * 122
          const books = Array.from({ length: random.int(5, 9) }, (_, i) => {
            const height = random.int(64, 92)
            return box(
              432 + i * 32,
              y + 104 - height,
              24,
              height,
              random.pick([p.second, p.accent, p.wall, p.floor]),
              3,
            )
          }).join('')
          return box(420, y, 360, 104, p.dark, 4, { opacity: 0.35 }) + books
        })
        .join(''),
  },
]

export const home: readonly Motif[] = [
  {
    name: 'a vase with flowers',
    scenes: ['table', 'studio', 'room'],
    draw: (p, random) => {
      const stems = [-120, -60, 0, 60, 120].map(dx => [600 + dx, 260 + random.int(-20, 60) + Math.abs(dx) / 3] as const)
      return (
        shadow(600, 722, 280) +
        stems.map(([x, y]) => stroke(`M600 520Q${600 + (x - 600) / 3} 400 ${x} ${y}`, '#5a7d4a', 8)).join('') +
        stems.map(([x, y], i) => flower(x, y, i % 2 ? p.accent : p.second, p.light)).join('') +
        shape(
          'M540 500H660C650 540 720 580 700 660C690 710 660 720 600 720C540 720 510 710 500 660C480 580 550 540 540 500Z',
          p.main,
        ) +
        stroke('M512 640C560 660 640 660 690 640', p.light, 10, { opacity: 0.6 })
      )
    },
  },
  {
    name: 'a coffee set',
    scenes: ['table'],
    draw: p =>
      shadow(560, 722, 640) +
      shape('M330 720C300 560 320 470 400 460H520C590 470 610 560 590 720Z', p.main) +
      box(420, 420, 80, 40, p.dark, 12) +
      stroke('M590 520C680 500 690 640 590 650', p.main, 24) +
      stroke('M330 540C280 540 270 490 250 470', p.main, 26) +
      shape('M700 600H880L862 712H718Z', p.light) +
      stroke('M876 624C930 616 930 680 868 680', p.light, 16) +
      oval(790, 602, 90, 16, '#5a3a28') +
      stroke('M760 560C740 530 780 510 760 470M810 560C790 530 830 510 810 470', p.light, 8, { opacity: 0.6 }),
  },
  {
    name: 'a table lamp and a clock',
    scenes: ['table', 'room'],
    draw: p =>
      shadow(600, 722, 520) +
      shape('M340 480L400 290H560L620 480Z', p.second) +
      stroke('M480 480V690', p.dark, 14) +
      oval(480, 704, 90, 20, p.dark) +
      disc(800, 580, 120, p.light, { stroke: p.main, width: 24 }) +
      stroke('M800 580V510M800 580L850 610', p.dark, 10) +
      disc(800, 580, 10, p.accent) +
      stroke('M720 690L700 722M880 690L900 722', p.main, 16),
  },
]

export const housing: readonly Motif[] = [
  {
    name: 'a house with a garden',
    scenes: ['outdoors'],
    draw: p =>
      box(360, 420, 480, 300, p.light) +
      shape('M310 430L600 220L890 430Z', p.accent) +
      box(740, 250, 50, 110, p.accent) +
      box(560, 560, 90, 160, p.main, 6) +
      disc(634, 644, 7, p.second) +
      pane(410, 480, p.second, p.dark) +
      pane(690, 480, p.second, p.dark) +
      disc(600, 350, 40, p.second, { stroke: p.light, width: 10 }) +
      oval(330, 700, 90, 54, '#6f8f4e') +
      oval(890, 704, 100, 50, '#6f8f4e'),
  },
  {
    name: 'a block of flats',
    scenes: ['outdoors'],
    draw: (p, random) =>
      box(300, 300, 260, 420, p.main, 4) +
      box(560, 200, 340, 520, p.light, 4) +
      [0, 1, 2, 3]
        .map(row =>
          [0, 1, 2]
            .map(col =>
              box(596 + col * 100, 236 + row * 100, 66, 64, random.chance(0.4) ? p.second : p.wall, 4, {
                stroke: p.dark,
                width: 3,
              }),
            )
            .join(''),
        )
        .join('') +
      [0, 1, 2]
        .map(row =>
          [0, 1]
            .map(col => box(338 + col * 110, 340 + row * 100, 74, 60, random.chance(0.4) ? p.second : p.wall, 4))
            .join(''),
        )
        .join('') +
      box(690, 630, 80, 90, p.accent, 4),
  },
  {
    name: 'a bright room',
    scenes: ['room'],
    draw: p =>
      shadow(520, 730, 640) +
      box(210, 560, 580, 130, p.light, 18) +
      box(210, 470, 40, 240, p.main, 10) +
      box(750, 610, 40, 100, p.main, 10) +
      box(250, 540, 160, 60, p.second, 20) +
      shape('M420 560H790V640C640 660 520 600 420 640Z', p.main, { opacity: 0.85 }) +
      box(850, 540, 150, 180, p.dark, 8, { opacity: 0.75 }) +
      stroke('M870 600H980M870 660H980', p.light, 6, { opacity: 0.5 }) +
      shape('M900 540L890 480H960L950 540Z', p.accent) +
      stroke('M925 480C900 430 880 420 870 400M925 480C930 420 960 410 980 390M925 480V390', '#5a7d4a', 10),
  },
]

export const garden: readonly Motif[] = [
  {
    name: 'garden tools and a watering can',
    scenes: ['outdoors'],
    draw: p =>
      shadow(600, 728, 680) +
      shape('M330 520H600V700C600 716 590 720 570 720H360C340 720 330 716 330 700Z', p.main) +
      stroke('M600 580L760 470M740 446L790 494', p.main, 22) +
      stroke('M350 520C340 400 560 400 570 520', p.main, 18) +
      stroke('M880 300V640', '#8a5a3a', 18) +
      shape('M836 600H924V670C924 710 880 730 880 730C880 730 836 710 836 670Z', p.dark),
  },
  {
    name: 'potted plants',
    scenes: ['outdoors', 'room', 'studio'],
    draw: (p, random) =>
      shadow(600, 724, 640) +
      [360, 600, 840]
        .map((x, i) => {
          const h = random.int(150, 260)
          const leaves = [-70, -35, 0, 35, 70]
            .map(dx =>
              shape(
                `M${x} 580Q${x + dx * 1.6} ${580 - h / 2} ${x + dx} ${580 - h}Q${x + dx / 3} ${600 - h / 2} ${x} 580Z`,
                i === 1 ? '#4f7a4a' : '#6c9a54',
              ),
            )
            .join('')
          return (
            leaves +
            shape(`M${x - 78} 580H${x + 78}L${x + 56} 722H${x - 56}Z`, [p.accent, p.main, p.second][i] ?? p.main) +
            box(x - 86, 562, 172, 32, p.dark, 8, { opacity: 0.25 })
          )
        })
        .join(''),
  },
]

export const kids: readonly Motif[] = [
  {
    name: 'a rocking horse',
    scenes: ['room', 'studio'],
    draw: p =>
      shadow(600, 736, 560) +
      stroke('M330 690C460 760 740 760 870 690', p.accent, 26) +
      stroke('M440 600L410 716M720 600L760 716', p.main, 36) +
      shape(
        'M380 460C460 440 640 470 700 440L740 330C760 290 830 300 850 340L890 400C880 430 850 430 820 420L780 560C740 640 450 640 400 580C370 540 360 490 380 460Z',
        p.main,
      ) +
      stroke('M740 330C690 360 690 420 700 450M380 470C320 480 310 560 330 600', p.dark, 22) +
      disc(826, 356, 9, p.dark) +
      shape('M500 450H640L620 540H520Z', p.second),
  },
  {
    name: 'building blocks and a bear',
    scenes: ['room', 'table', 'studio'],
    draw: p =>
      shadow(600, 726, 700) +
      box(290, 600, 120, 120, p.main, 12) +
      box(420, 600, 120, 120, p.second, 12) +
      box(355, 474, 120, 120, p.accent, 12) +
      disc(415, 534, 30, p.light, { opacity: 0.8 }) +
      disc(740, 420, 40, '#9a6b43') +
      disc(880, 420, 40, '#9a6b43') +
      disc(810, 470, 96, '#b07d50') +
      oval(810, 640, 110, 92, '#b07d50') +
      oval(810, 502, 42, 32, '#e6c9a4') +
      disc(774, 456, 9, p.dark) +
      disc(846, 456, 9, p.dark) +
      disc(810, 492, 10, p.dark) +
      shape('M760 560L810 580L860 560V600L810 584L760 600Z', p.accent),
  },
  {
    name: 'a pushchair',
    scenes: ['outdoors', 'studio', 'room'],
    draw: p =>
      shadow(600, 738, 480) +
      shape('M420 420H800C800 540 720 600 620 600H520C460 600 420 540 420 480Z', p.main) +
      shape('M420 420C430 300 540 260 620 270L640 420Z', p.second) +
      stroke('M800 420L880 330', p.dark, 16) +
      stroke('M500 600L720 690M700 590L480 690', p.dark, 14) +
      disc(470, 694, 44, p.light, { stroke: p.dark, width: 16 }) +
      disc(730, 694, 44, p.light, { stroke: p.dark, width: 16 }),
  },
]

export const pets: readonly Motif[] = [
  {
    name: 'a dog in its basket',
    scenes: ['room', 'studio'],
    draw: p =>
      shadow(600, 732, 660) +
      oval(600, 640, 300, 92, p.accent) +
      oval(600, 620, 250, 62, p.dark, { opacity: 0.3 }) +
      shape('M430 620C420 520 520 470 620 500C720 480 800 540 790 620Z', '#c98f54') +
      disc(470, 490, 84, '#c98f54') +
      shape('M400 440C370 470 370 550 400 560C430 540 430 470 420 430Z', p.dark, { opacity: 0.75 }) +
      shape('M530 420C570 440 580 520 556 540C526 520 516 460 510 420Z', p.dark, { opacity: 0.75 }) +
      disc(446, 480, 8, p.dark) +
      disc(500, 480, 8, p.dark) +
      oval(472, 516, 18, 13, p.dark) +
      stroke('M300 660C400 720 800 720 900 660', p.light, 10, { opacity: 0.5 }),
  },
  {
    name: 'a fish tank',
    scenes: ['room', 'table'],
    draw: (p, random) =>
      shadow(600, 726, 640) +
      box(300, 360, 600, 350, p.light, 14) +
      box(316, 420, 568, 276, p.main, 8, { opacity: 0.4 }) +
      box(316, 650, 568, 46, p.second, 6) +
      [0, 1, 2]
        .map(i => {
          const [x, y] = [420 + i * 160, random.int(470, 600)]
          return (
            oval(x, y, 44, 24, i % 2 ? p.second : p.accent) +
            shape(`M${x - 40} ${y}L${x - 76} ${y - 26}V${y + 26}Z`, i % 2 ? p.second : p.accent) +
            disc(x + 24, y - 5, 5, p.dark)
          )
        })
        .join('') +
      stroke('M360 650C340 600 380 580 360 520M820 650C850 600 800 570 830 510', '#4f7a4a', 12),
  },
]

function chair(x: number, colour: string, dark: string): string {
  const side = x < 600 ? -1 : 1
  return (
    box(x - 70, 560, 140, 24, colour, 8) +
    stroke(
      `M${x + side * 64} 560L${x + side * 80} 380M${x - 56} 584L${x - 64} 722M${x + 56} 584L${x + 64} 722`,
      dark,
      14,
    ) +
    box(x + side * 80 - 22, 372, 44, 120, colour, 12)
  )
}

function flower(x: number, y: number, petals: string, middle: string): string {
  const around = Array.from({ length: 6 }, (_, i) => {
    const angle = (i * Math.PI) / 3
    return disc(Math.round(x + Math.cos(angle) * 26), Math.round(y + Math.sin(angle) * 26), 20, petals)
  })
  return around.join('') + disc(x, y, 17, middle)
}

function pane(x: number, y: number, glass: string, bar: string): string {
  return (
    box(x, y, 104, 104, glass, 4) +
    stroke(`M${x + 52} ${y}V${y + 104}M${x} ${y + 52}H${x + 104}`, bar, 5, { opacity: 0.6 })
  )
}
