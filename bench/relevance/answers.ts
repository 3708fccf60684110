import { type Judgment, pairOf } from './judgments.ts'
import { keysOf } from './sheets.ts'

/**
 * Reads what a judge wrote for a sheet: a line for each row, its key, a tab and the grade.
 * @returns the judgments, and every fault of the file in words
 */
export function readAnswers(sheet: string, answers: string): { judgments: Judgment[]; faults: string[] } {
  const asked = new Set(keysOf(sheet))
  const given = new Map<string, number>()
  const faults: string[] = []
  for (const line of answers.split('\n').filter(line => line.trim() !== '')) {
    const [key = '', grade = ''] = line.trim().split('\t')
    if (!asked.has(key)) faults.push(`${key} is not on the sheet`)
    else if (given.has(key)) faults.push(`${key} is judged twice`)
    else if (!/^[0-3]$/.test(grade)) faults.push(`${key} has no grade from 0 to 3, but "${grade}"`)
    else given.set(key, Number(grade))
  }
  faults.push(...[...asked].filter(key => !given.has(key)).map(key => `${key} is not judged`))
  return { judgments: [...given].map(([key, grade]) => ({ ...pairOf(key), grade })), faults }
}
