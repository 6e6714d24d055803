import { expect, it } from 'vitest'
import { createWritePace } from './write-pace.ts'

function paceOf(limits = { slowWriteMs: 20, slowDiskMs: 5_000 }) {
  let nowMs = 1_000
  const pace = createWritePace({ monotonic: () => nowMs }, limits)
  return {
    pace,
    advance: (ms: number) => {
      nowMs += ms
    },
  }
}

it('is quick until a write takes as long as a slow one, and again after a while', () => {
  const { pace, advance } = paceOf()
  pace.timed(() => advance(19))
  expect(pace.quick).toBe(true)
  pace.timed(() => advance(20))
  expect(pace.quick).toBe(false)
  advance(4_999)
  expect(pace.quick).toBe(false)
  advance(1)
  expect(pace.quick).toBe(true)
})

it('lets a failure of the write through', () => {
  const { pace } = paceOf()
  const full = new Error('no space')
  expect(() =>
    pace.timed(() => {
      throw full
    }),
  ).toThrow(full)
  expect(pace.quick).toBe(true)
})
