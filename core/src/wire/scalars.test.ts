import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findGoDuration, formatGoDuration, goDurationText } from './go-duration.ts'
import { formatGoTime, formatRfc3339, rfc822 } from './go-time.ts'
import { acceptsMsgpack } from './headers.ts'
import { httpDate } from './http-date.ts'
import { findSizeIec, formatSizeIec } from './size-iec.ts'

describe('Go durations', () => {
  it.each([
    ['10s', 10_000, '10s'],
    ['2m', 120_000, '2m'],
    ['1h', 3_600_000, '1h0m'],
    ['1h30m', 5_400_000, '1h30m'],
    ['90s', 90_000, '1m30s'],
    ['100ms', 100, '100ms'],
    ['1.5s', 1_500, '1.5s'],
    ['1m0.1s', 60_100, '1m0.1s'],
    ['0', 0, '0s'],
    ['-5m', -300_000, '-5m'],
    ['1us', 0.001, '1µs'],
    ['3ns', 0.000003, '3ns'],
    ['16h', 57_600_000, '16h0m'],
    ['.5s', 500, '500ms'],
  ])('%s is %s ms and prints as %s', (text, ms, printed) => {
    expect(findGoDuration(text)).toBe(ms)
    expect(formatGoDuration(ms)).toBe(printed)
  })

  it("prints Go's own form as well", () => {
    expect(goDurationText(3_600_000)).toBe('1h0m0s')
  })

  it.each(['', '10', 's', '1 s', '1d', '1e3s', '.s', '--1s', '999999999999h'])(
    'refuses %j',
    (text) => {
      expect(findGoDuration(text)).toBeUndefined()
    },
  )

  it('round-trips whole nanoseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e15, max: 1e15 }), (ns) => {
        expect(findGoDuration(goDurationText(ns / 1e6))).toBe(ns === 0 ? 0 : ns / 1e6)
      }),
    )
  })
})

describe('sizes', () => {
  it.each([
    ['16MiB', 16 * 1024 ** 2],
    ['1k', 1024],
    ['1mb', 1024 ** 2],
    ['4MB', 4 * 1024 ** 2],
    ['1.5GiB', 1.5 * 1024 ** 3],
    ['2Ti', 2 * 1024 ** 4],
    ['100', 100],
    ['0B', 0],
    ['', 0],
    ['-1', -1],
  ])('%s is %s', (text, bytes) => {
    expect(findSizeIec(text)).toBe(bytes)
  })

  it.each(['x', '1x', '1kk', 'KiB', '1e3', '9999999TiB'])('refuses %j', (text) => {
    expect(findSizeIec(text)).toBeUndefined()
  })

  it('never forgets a byte', () => {
    expect(formatSizeIec(1.5 * 1024 ** 3)).toBe('1536MiB')
    expect(formatSizeIec(1024 ** 4)).toBe('1TiB')
    expect(formatSizeIec(0)).toBe('0B')
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(findSizeIec(formatSizeIec(bytes))).toBe(bytes)
      }),
    )
  })
})

describe('Go time layouts', () => {
  const ns = 1795379676352640424n // 2026-11-22 20:34:36.352640424 UTC, a Sunday
  it.each([
    [rfc822, '22 Nov 26 20:34 UTC'],
    ['', '22 Nov 26 20:34 UTC'],
    ['2006-01-02T15:04:05Z07:00', '2026-11-22T20:34:36Z'],
    ['2006-01-02T15:04:05.999999999Z07:00', '2026-11-22T20:34:36.352640424Z'],
    ['Mon Jan _2 15:04:05 2006', 'Sun Nov 22 20:34:36 2026'],
    ['Monday, 02-Jan-06 15:04:05 MST', 'Sunday, 22-Nov-26 20:34:36 UTC'],
    ['Mon, 02 Jan 2006 15:04:05 -0700', 'Sun, 22 Nov 2026 20:34:36 +0000'],
    ['3:04PM', '8:34PM'],
    ['03:04:05.000 pm', '08:34:36.352 pm'],
    ['20060102 __2 002', '20261122 326 326'],
    ['1/2/06 at 15h', '11/22/26 at 20h'],
    ['15:04:05,000000', '20:34:36,352640'],
    ['Month Janus', 'Month Janus'],
  ])('%j gives %j', (layout, text) => {
    expect(formatGoTime(ns, layout)).toBe(text)
  })

  it('handles times before 1970 and drops an empty fraction', () => {
    expect(formatRfc3339(-1n)).toBe('1969-12-31T23:59:59.999999999Z')
    expect(formatRfc3339(0n)).toBe('1970-01-01T00:00:00Z')
    expect(httpDate(784111777000)).toBe('Sun, 06 Nov 1994 08:49:37 GMT')
  })
})

describe('acceptsMsgpack', () => {
  it.each([
    ['application/msgpack', true],
    ['text/html, Application/MsgPack;q=0.9', true],
    ['*/*', false],
    [undefined, false],
  ])('%j: %s', (accept, expected) => {
    expect(acceptsMsgpack(accept)).toBe(expected)
  })
})
