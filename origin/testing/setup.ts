import { afterAll } from 'vitest'
import { closeTestOrigins } from './harness.ts'

afterAll(closeTestOrigins)
