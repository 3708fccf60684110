import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { readAnswers } from './answers.ts'
import { type Judgment, judgmentFiles, keyOf, readJudgments, writeJudgments } from './judgments.ts'

/*
 * `node bench/relevance/collect.ts FOLDER`: takes the answers to the sheets of a folder (`sheet-1.answers.tsv` beside `sheet-1.tsv`)
 * into the judgments, when every row has one grade from 0 to 3; otherwise it lists the faults and writes nothing.
 */
const [folder] = process.argv.slice(2)
if (!folder) throw new Error('Cannot collect answers: name the folder that the sheets were written to')

const faults: string[] = []
const first = collect('sheet', judgmentFiles.first)
const second = collect('second', judgmentFiles.second)
if (faults.length > 0) {
  console.error(`${faults.slice(0, 50).join('\n')}\n${faults.length} faults: nothing written`)
  process.exitCode = 1
} else {
  writeJudgments(judgmentFiles.first, first)
  writeJudgments(judgmentFiles.second, second)
  console.log(`${first.length} judgments, ${second.length} of a second judging`)
}

/** Adds the answers of a folder to what earlier rounds brought. */
function collect(name: string, file: URL): Judgment[] {
  const known = new Map(readJudgments(file).map(judgment => [keyOf(judgment), judgment]))
  for (const sheet of readdirSync(folder ?? '').filter(sheet => new RegExp(`^${name}-\\d+\\.tsv$`).test(sheet))) {
    const answers = path.join(folder ?? '', sheet.replace(/\.tsv$/, '.answers.tsv'))
    const read = readAnswers(
      readFileSync(path.join(folder ?? '', sheet), 'utf8'),
      existsSync(answers) ? readFileSync(answers, 'utf8') : '',
    )
    faults.push(...read.faults.map(fault => `${answers}: ${fault}`))
    for (const judgment of read.judgments) known.set(keyOf(judgment), judgment)
  }
  return [...known.values()]
}
