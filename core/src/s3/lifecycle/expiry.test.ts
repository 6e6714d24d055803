import { describe, expect, it } from 'vitest'
import { expiryHeaders, expiryOf, fullDaySeconds } from './expiry.ts'
import type { LifecycleRule } from './lifecycle-rules.ts'

const dayMs = 86_400_000
const written = Date.UTC(2026, 0, 1, 10)
const object = {
  name: 'logs/a',
  sizeBytes: 10,
  mtimeNs: BigInt(written) * 1_000_000n,
  custom: [['x-amz-tagging', 'a=1&b=2']] as const,
}
const rule: LifecycleRule = { id: 'r 1', enabled: true, prefix: 'logs/', days: 1 }

describe('expiry', () => {
  it('is at the midnight after the days, as Amazon has it', () => {
    const midnight = Date.UTC(2026, 0, 3)
    expect(expiryOf([rule], object, fullDaySeconds)?.atMs).toBe(midnight)
    expect(expiryHeaders([rule], object)).toEqual([
      ['x-amz-expiration', 'expiry-date="Sat, 03 Jan 2026 00:00:00 GMT", rule-id="r%201"'],
    ])
  })

  it('comes after shortened days at once', () => {
    expect(expiryOf([rule], object, 10)?.atMs).toBe(written + 10_000)
  })

  it('is the first one of several, and a date counts for all', () => {
    const dated: LifecycleRule = { id: 'd', enabled: true, prefix: '', dateMs: written - dayMs }
    expect(expiryOf([rule, dated], object, fullDaySeconds)).toEqual({
      atMs: written - dayMs,
      rule: dated,
    })
  })

  it.each([
    ['another prefix', { prefix: 'x' }],
    ['disabled', { enabled: false }],
    ['too small', { sizeAbove: 10 }],
    ['too large', { sizeBelow: 10 }],
    [
      'a tag too many',
      {
        tags: [
          ['a', '1'],
          ['c', '3'],
        ] as [string, string][],
      },
    ],
    ['another value', { tags: [['a', '2']] as [string, string][] }],
  ])('is not for objects that the rule is not about: %s', (_, other) => {
    expect(expiryOf([{ ...rule, ...other }], object, fullDaySeconds)).toBeUndefined()
  })

  it.each([
    [
      'all tags',
      {
        tags: [
          ['b', '2'],
          ['a', '1'],
        ] as [string, string][],
      },
    ],
    ['the size', { sizeAbove: 9, sizeBelow: 11 }],
  ])('is for those that it is about: %s', (_, other) => {
    expect(expiryOf([{ ...rule, ...other }], object, fullDaySeconds)).toBeDefined()
  })
})
