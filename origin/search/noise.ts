import { wishes } from './wishes.ts'

/*
 * Words of titles that praise, hurry or haggle: they say nothing of the thing itself, so nothing is suggested that begins or ends with
 * one, and no two posts are alike by them. What people wish for belongs here too.
 */
const words = `
  asap available awesome bad barely beautiful best better big bonus brand call cash clean complete condition cute day days delivery deliver
  each easy enjoy excellent extra fast fine firm first fixed free full fully gently gorgeous great hardly high hot huge immaculate
  includes included incl just large last left like little local lots low made many mint moving much must near nearly negotiable never new
  nice nicely now obo offer only open original own owner pair pay perfect pick pickup plus pretty quick ready reduced runs sacrifice
  seen sell selling set ship shipping show slightly small soon special still super text today top trade trades unique used very w want wanted
  week weekend well with without work working wow year years yours`

/** See above; in lower case. */
export const noiseWords: ReadonlySet<string> = new Set([...words.trim().split(/\s+/), ...wishes])
