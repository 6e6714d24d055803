import { describe, expect, it } from 'vitest'
import { createNodeClock } from './clock.ts'
import { cryptoRandom } from './random.ts'
import { createSystemInfo } from './system-info.ts'

describe('clock', () => {
  it('counts the wall time in nanoseconds, near the milliseconds', () => {
    const clock = createNodeClock()
    for (let at = 0; at < 1_000; at += 1) {
      const differenceMs = Number(clock.nowNs() / 1_000_000n) - clock.now()
      expect(Math.abs(differenceMs)).toBeLessThanOrEqual(3)
    }
  })

  it('steps finer than a millisecond', () => {
    const clock = createNodeClock()
    const stamps = new Set(Array.from({ length: 50 }, () => clock.nowNs() % 1_000_000n))
    expect(stamps.size).toBeGreaterThan(1)
  })

  it('never goes back', () => {
    const clock = createNodeClock()
    let before = clock.monotonic()
    for (let at = 0; at < 1_000; at += 1) {
      const now = clock.monotonic()
      expect(now).toBeGreaterThanOrEqual(before)
      before = now
    }
  })

  it('sleeps at least as long as told, and wakes for an abort', async () => {
    const clock = createNodeClock()
    const before = clock.monotonic()
    await clock.sleep(5)
    expect(clock.monotonic() - before).toBeGreaterThanOrEqual(4)
    const controller = new AbortController()
    const long = clock.sleep(3_000_000_000, controller.signal)
    controller.abort(new Error('wake'))
    await expect(long).rejects.toThrow('wake')
    await expect(clock.sleep(1, controller.signal)).rejects.toThrow('wake')
  })
})

describe('random', () => {
  it('gives any length, and not the same twice', () => {
    for (const length of [0, 1, 32, 65_536, 200_000]) {
      expect(cryptoRandom.bytes(length).byteLength).toBe(length)
    }
    expect(cryptoRandom.bytes(16)).not.toEqual(cryptoRandom.bytes(16))
    expect(
      cryptoRandom
        .bytes(200_000)
        .subarray(150_000)
        .some((byte) => byte !== 0),
    ).toBe(true)
  })
})

describe('system info', () => {
  it('tells memory, load and a share of the CPU that grows with work', () => {
    const read = createSystemInfo()
    read()
    for (const until = performance.now() + 30; performance.now() < until; ) Math.sqrt(2)
    const info = read()
    expect(info.processCpuPercent).toBeGreaterThan(1)
    expect(info.memTotalBytes).toBeGreaterThanOrEqual(info.memAvailableBytes)
    expect(info.memAvailableBytes).toBeGreaterThan(0)
    expect(info.processRssBytes).toBeGreaterThan(1_000_000)
    expect(info.cpuCount).toBeGreaterThanOrEqual(1)
    expect(info.loadAverage).toHaveLength(3)
    expect(info.pid).toBe(process.pid)
  })
})
