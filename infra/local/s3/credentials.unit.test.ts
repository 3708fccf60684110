import { describe, expect, it } from 'vitest'
import { almighty, type Identity, isAllowed } from './credentials.ts'

const identity = (Action: string[], Resource: string[]): Identity => ({
  accessKeyId: 'a',
  secretAccessKey: 'b',
  statements: [{ Effect: 'Allow', Action, Resource }],
})

describe('isAllowed', () => {
  it.each([
    ['s3:GetObject', 'arn:aws:s3:::b/media/x', true],
    ['s3:GetObject', 'arn:aws:s3:::b/media/', true],
    ['s3:GetObject', 'arn:aws:s3:::b/media', false],
    ['s3:GetObject', 'arn:aws:s3:::b/media/x\ny', true],
    ['s3:GetObject', 'arn:aws:s3:::b/uploads/media/x', false],
    ['s3:GetObject', 'arn:aws:s3:::bb/media/x', false],
    ['s3:GetObjectAcl', 'arn:aws:s3:::b/media/x', false],
    ['s3:ListBucket', 'arn:aws:s3:::b', true],
    ['s3:ListBucket', 'arn:aws:s3:::bb', false],
    ['S3:GetObject', 'arn:aws:s3:::b/media/x', false],
  ])('%s on %s: %s', (action, resource, allowed) => {
    const { statements } = identity(['s3:GetObject'], ['arn:aws:s3:::b/media/*'])
    const both = { ...identity(['s3:ListBucket'], ['arn:aws:s3:::b']) }
    both.statements = [...both.statements, ...statements]
    expect(isAllowed(both, action, resource)).toBe(allowed)
  })

  it('takes a dot for a dot', () => {
    expect(isAllowed(identity(['s3:*'], ['a.b/*']), 's3:GetObject', 'axb/c')).toBe(false)
  })

  it('lets the almighty do everything, and one without statements nothing', () => {
    const keys = { accessKeyId: 'a', secretAccessKey: 'b' }
    expect(isAllowed(almighty(keys), 's3:DeleteBucket', 'arn:aws:s3:::b')).toBe(true)
    expect(isAllowed({ ...keys, statements: [] }, 's3:GetObject', 'x')).toBe(false)
  })
})
