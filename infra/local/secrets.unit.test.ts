import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadSecrets } from './secrets.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const file = () => path.join(folder, 'secrets.json')

describe('loadSecrets', () => {
  it('makes them once, for their owner alone, no two alike', () => {
    const secrets = loadSecrets(file())
    expect(loadSecrets(file())).toEqual(secrets)
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    const all = Object.values(secrets).flatMap(one => (typeof one === 'string' ? one : Object.values(one)))
    expect(new Set(all).size).toBe(all.length)
  })

  it('adds what a folder of an earlier version lacks, and keeps the rest', () => {
    const { awsSecretKeys: _, ...older } = loadSecrets(file())
    writeFileSync(file(), JSON.stringify(older))
    const secrets = loadSecrets(file())
    expect(secrets).toMatchObject(older)
    expect(Object.keys(secrets.awsSecretKeys).sort()).toEqual(['ap', 'edge', 'eu', 'na'])
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual(secrets)
    expect(statSync(file()).mode & 0o777).toBe(0o600)
  })

  it('overwrites nothing that it cannot read', () => {
    writeFileSync(file(), '{"stackId": ')
    expect(() => loadSecrets(file())).toThrow(SyntaxError)
    expect(readFileSync(file(), 'utf8')).toBe('{"stackId": ')
  })
})
