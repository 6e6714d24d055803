import { describe, expect, it } from 'vitest'
import type { HeaderBlock } from '../ports/call.ts'
import { checkConditions, rangeApplies } from './conditions.ts'

function headers(fields: Record<string, string>): HeaderBlock {
  return {
    get: (name) => fields[name],
    all: (name) => (fields[name] === undefined ? [] : [fields[name]]),
    lines: () => Object.entries(fields),
  }
}

const now = { etag: 'v1-abc', modifiedSeconds: Date.parse('2026-01-02T03:04:05Z') / 1000 }
const same = 'Fri, 02 Jan 2026 03:04:05 GMT'
const earlier = 'Thu, 01 Jan 2026 00:00:00 GMT'

describe('preconditions (RFC 9110 13)', () => {
  it.each([
    [{ 'if-none-match': '"v1-abc"' }, 'not-modified'],
    [{ 'if-none-match': 'W/"v1-abc", "x"' }, 'not-modified'],
    [{ 'if-none-match': '*' }, 'not-modified'],
    [{ 'if-none-match': '"other"' }, 'proceed'],
    [{ 'if-match': '"v1-abc"' }, 'proceed'],
    [{ 'if-modified-since': same }, 'not-modified'],
    [{ 'if-modified-since': earlier }, 'proceed'],
    [{ 'if-modified-since': 'not a date' }, 'proceed'],
    [{ 'if-unmodified-since': same }, 'proceed'],
    [{ 'if-none-match': '"other"', 'if-modified-since': same }, 'proceed'],
  ] as const)('%o: %s', (fields, outcome) => {
    expect(checkConditions(headers(fields), now)).toBe(outcome)
  })

  it.each([[{ 'if-match': '"other"' }], [{ 'if-unmodified-since': earlier }]])(
    '%o fails with 412',
    (fields) => {
      expect(() => checkConditions(headers(fields), now)).toThrow(
        expect.objectContaining({ status: 412 }),
      )
    },
  )

  it('applies a range only to the version If-Range names', () => {
    expect(rangeApplies(headers({}), now)).toBe(true)
    expect(rangeApplies(headers({ 'if-range': '"v1-abc"' }), now)).toBe(true)
    expect(rangeApplies(headers({ 'if-range': '"old"' }), now)).toBe(false)
    expect(rangeApplies(headers({ 'if-range': same }), now)).toBe(true)
    expect(rangeApplies(headers({ 'if-range': earlier }), now)).toBe(false)
  })
})
