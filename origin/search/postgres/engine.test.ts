import { describeEngine } from '../engine-contract.ts'
import { createPostgresEngine } from './engine.ts'

describeEngine('postgres', async ({ ctx }) => ({ engine: createPostgresEngine(ctx), load: async () => {} }))
