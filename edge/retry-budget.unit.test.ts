import { describe, expect, it } from 'vitest'
import { createRetryBudget } from './retry-budget.ts'

describe('createRetryBudget', () => {
  it('spends a tenth of the requests and no more than its reserve', () => {
    const budget = createRetryBudget({ ratio: 0.25, reserve: 2 })
    expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false])
    for (let i = 0; i < 4; i++) budget.earn()
    expect([budget.spend(), budget.spend()]).toEqual([true, false])
    for (let i = 0; i < 100; i++) budget.earn()
    expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false])
  })
})
