import type { TestOrigin } from '../../testing/harness.ts'
import { describeEngine } from '../engine-contract.ts'
import { describeWords } from '../engine-contract-words.ts'
import { createPostgresEngine } from './engine.ts'

const make = async ({ ctx }: TestOrigin) => ({ engine: createPostgresEngine(ctx), load: async () => {} })
describeEngine('postgres', make)
describeWords('postgres', make)
