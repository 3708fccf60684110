import { describe, expect, it } from 'vitest'
import { limits, networkOf } from './rate-limit.ts'

describe('networkOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', 'unknown'],
  ])('%s is of %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network)
  })
})

it('limits give a network at least four times what they give an address', () => {
  for (const { ip, address } of Object.values(limits)) {
    if (address) expect(ip?.burst).toBeGreaterThanOrEqual(4 * address.burst)
  }
})
