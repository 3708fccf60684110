import type { Motif } from './motif.ts'
import { shadow } from './scenes.ts'
import { box, disc, oval, shape, stroke, wheel } from './shapes.ts'

/** Things that move people: bikes, vehicles, what is carried outdoors. */
export const bikes: readonly Motif[] = [
  {
    name: 'a bicycle',
    scenes: ['outdoors', 'studio', 'room'],
    draw: (p, random) =>
      shadow(600, 738, 640) +
      wheel(400, 600, 128, p.dark, '#b9bcc2', 9) +
      wheel(800, 600, 128, p.dark, '#b9bcc2', 9) +
      stroke('M400 600L520 420H720L590 600ZM520 420L590 600M720 420L800 600', p.main, 18) +
      stroke('M520 420L505 370M470 366H545', p.dark, 16) +
      stroke('M720 420L708 350M708 350C760 330 790 340 770 380', p.dark, 12) +
      disc(590, 600, 26, p.accent) +
      stroke('M590 600L620 650M606 652H640', p.dark, 9) +
      (random.chance(0.5)
        ? box(770, 372, 100, 66, p.second, 8) +
          stroke('M784 372V438M812 372V438M840 372V438', p.dark, 3, { opacity: 0.35 })
        : ''),
  },
  {
    name: 'a cargo bike with a box',
    scenes: ['outdoors', 'studio'],
    draw: p =>
      shadow(600, 738, 760) +
      wheel(330, 610, 118, p.dark, '#b9bcc2', 9) +
      wheel(900, 640, 88, p.dark, '#b9bcc2', 7) +
      stroke('M330 610L450 430L560 610ZM450 430L620 440L560 610M560 610L900 640', p.main, 18) +
      shape('M610 440H860L820 610H640Z', p.second) +
      stroke('M628 500H846M640 560H832', p.dark, 4, { opacity: 0.25 }) +
      stroke('M450 430L440 376M404 372H478', p.dark, 15) +
      stroke('M600 440L590 370C620 340 660 344 656 372', p.dark, 12) +
      disc(560, 610, 24, p.accent),
  },
  {
    name: 'a helmet and a bike lock',
    scenes: ['table', 'studio'],
    draw: p =>
      shadow(520, 724, 420) +
      shape('M320 700C310 520 420 430 540 436C680 442 740 560 730 700Z', p.main) +
      stroke(
        'M400 660C404 560 450 500 500 480M500 670C504 560 530 500 560 470M600 676C606 580 616 530 640 500',
        p.light,
        16,
        { opacity: 0.75 },
      ) +
      stroke('M330 700C360 740 420 744 452 716', p.dark, 10) +
      stroke('M812 700C780 560 960 560 930 700', p.dark, 26) +
      box(792, 660, 160, 64, p.accent, 14) +
      disc(872, 692, 12, p.light),
  },
]

export const vehicles: readonly Motif[] = [
  {
    name: 'a car',
    scenes: ['outdoors', 'studio'],
    draw: (p, random) =>
      shadow(600, 728, 800) +
      shape(
        'M210 660V590C220 560 260 550 330 540L440 440C460 424 480 420 510 420H720C760 420 780 430 806 456L880 540C950 550 990 566 992 600V660Z',
        p.main,
      ) +
      shape('M400 540L470 466C478 458 488 456 500 456H580V540Z', p.light, { opacity: 0.85 }) +
      shape('M604 456H716C738 456 752 464 766 480L820 540H604Z', p.light, { opacity: 0.85 }) +
      box(560, 566, 60, 12, p.dark, 6, { opacity: 0.5 }) +
      box(930, 590, 52, 22, p.second, 8) +
      box(206, 600, 30, 24, p.accent, 6) +
      wheel(370, 660, 66, p.dark, '#cfd2d6', 5) +
      wheel(830, 660, 66, p.dark, '#cfd2d6', 5) +
      (random.chance(0.4) ? box(500, 400, 230, 14, p.dark, 6) + box(540, 350, 150, 50, p.second, 8) : ''),
  },
  {
    name: 'a camper van',
    scenes: ['outdoors'],
    draw: p =>
      shadow(600, 732, 800) +
      box(220, 380, 760, 290, p.light, 50) +
      shape('M220 520H980V620C980 650 960 670 930 670H270C240 670 220 650 220 620Z', p.main) +
      box(270, 420, 150, 90, p.wall, 14) +
      box(450, 420, 150, 90, p.wall, 14) +
      box(630, 420, 120, 90, p.wall, 14) +
      shape('M790 420H880C920 430 944 470 950 510H790Z', p.wall) +
      disc(930, 580, 26, p.second) +
      stroke('M620 530V660', p.light, 5, { opacity: 0.7 }) +
      wheel(380, 670, 62, p.dark, '#cfd2d6', 5) +
      wheel(820, 670, 62, p.dark, '#cfd2d6', 5),
  },
  {
    name: 'a motor scooter',
    scenes: ['outdoors', 'studio'],
    draw: p =>
      shadow(600, 738, 560) +
      wheel(420, 650, 74, p.dark, '#cfd2d6', 5) +
      wheel(800, 650, 74, p.dark, '#cfd2d6', 5) +
      shape(
        'M340 640C340 540 420 520 520 540L560 620H690L730 440H780L790 640H700C690 660 560 664 540 660C500 600 460 580 340 640Z',
        p.main,
      ) +
      box(390, 500, 180, 36, p.dark, 18) +
      stroke('M756 440L740 370M700 366L780 352', p.dark, 14) +
      disc(790, 420, 26, p.second) +
      oval(380, 590, 24, 14, p.accent),
  },
]

export const sports: readonly Motif[] = [
  {
    name: 'a tent',
    scenes: ['outdoors'],
    draw: p =>
      shadow(600, 726, 760) +
      shape('M220 720L560 360L640 360L980 720Z', p.main) +
      shape('M560 360L470 720H730L640 360Z', p.second) +
      shape('M600 400L540 720H660Z', p.dark, { opacity: 0.75 }) +
      stroke('M220 720L160 744M980 720L1040 744M600 360V330', p.dark, 6),
  },
  {
    name: 'a pair of skis and boots',
    scenes: ['room', 'studio'],
    draw: p =>
      shadow(600, 724, 460) +
      box(430, 180, 46, 540, p.main, 23) +
      box(500, 180, 46, 540, p.main, 23) +
      box(430, 420, 46, 80, p.second, 8) +
      box(500, 420, 46, 80, p.second, 8) +
      shape('M620 720V500H720V620C760 630 810 640 820 680V720Z', p.accent) +
      box(614, 540, 110, 16, p.dark, 8, { opacity: 0.5 }) +
      box(614, 590, 120, 16, p.dark, 8, { opacity: 0.5 }) +
      box(612, 706, 216, 24, p.dark, 8),
  },
  {
    name: 'a football and a racket',
    scenes: ['outdoors', 'studio'],
    draw: p =>
      shadow(600, 728, 620) +
      disc(450, 610, 112, p.light) +
      shape('M450 560L496 594L478 648H422L404 594Z', p.dark) +
      stroke('M450 560V498M496 594L556 574M478 648L516 700M422 648L384 700M404 594L344 574', p.dark, 7) +
      oval(780, 470, 108, 140, 'none', { stroke: p.main, width: 22 }) +
      stroke(
        'M710 400V540M745 360V590M780 340V600M815 360V590M850 400V540M690 430H870M680 480H880M700 530H860',
        p.second,
        3,
      ) +
      stroke('M780 610L770 720', p.dark, 26),
  },
]
