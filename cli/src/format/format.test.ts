import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, formatGoDuration, parseDurationMs } from './duration.ts'
import { withCommas } from './plural.ts'
import { formatSize, parseSize } from './size.ts'

describe('sizes', () => {
  it.each([
    [0, 'iec', 2, '0B'],
    [1000, 'iec', 2, '1000B'],
    [2000, 'iec', 2, '1.95KiB'],
    [15_000, 'iec', 2, '14.65KiB'],
    [1536 * 1024 ** 3, 'iec', 2, '1.50TiB'],
    [2000, 'si', 2, '2.00KB'],
    [2000, 'raw', 2, '2000'],
  ] as const)('%d in %s', (bytes, units, digits, text) => {
    expect(formatSize(bytes, units, digits)).toBe(text)
  })

  it.each([
    ['4mb', 4 * 1024 ** 2],
    ['1MiB', 1024 ** 2],
    ['128k', 128 * 1024],
    ['17', 17],
    ['1.5k', 1536],
    ['', undefined],
    ['x', undefined],
    ['-1', undefined],
    ['5i', undefined],
  ])('reads %j', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it('reads short suffixes by the units', () => {
    expect(parseSize('1mb', 'si')).toBe(1_000_000)
    expect(parseSize('1mib', 'si')).toBe(1024 ** 2)
    expect(parseSize('1k', 'raw')).toBeUndefined()
  })

  it('reads back every number of bytes', () => {
    fc.assert(
      fc.property(fc.nat(), (bytes) => {
        expect(parseSize(formatSize(bytes, 'raw'))).toBe(bytes)
      }),
    )
  })
})

describe('durations', () => {
  it.each([
    [0n, '0s'],
    [15n, '15ns'],
    [6_741_587n, '6.741587ms'],
    [1_500_000_000n, '1.5s'],
    [310_000_000_000n, '5m10s'],
    [3_600_000_000_000n, '1h0m0s'],
    [-1000n, '-1µs'],
  ])('%d ns', (ns, text) => {
    expect(formatGoDuration(ns)).toBe(text)
  })

  it('is the coarser, the longer it is', () => {
    expect(formatDuration(123_456_789n)).toBe('123ms')
    expect(formatDuration(1_234_567_890n)).toBe('1.23s')
    expect(formatDuration(12_345_678_901n)).toBe('12.3s')
    expect(formatDuration(310_400_000_000n)).toBe('5m10s')
  })

  it.each([
    ['10', 10_000],
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['100ms', 100],
    ['', undefined],
    ['10x', undefined],
  ])('reads %j', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms)
  })
})

it('groups digits by three', () => {
  expect([0, 999, 1000, 1_234_567].map(withCommas)).toEqual(['0', '999', '1,000', '1,234,567'])
})
