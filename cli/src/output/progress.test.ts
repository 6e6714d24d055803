import { expect, it } from 'vitest'
import { barText, Progress } from './progress.ts'
import { createColors, type Terminal } from './terminal.ts'

it('tells count, share and time', () => {
  const bar = { label: 'Uploaded files:', kind: 'count', total: 4, current: 1 } as const
  const text = barText(bar, 61_500)
  expect(text).toMatch(/^Uploaded files: 1\/4 \[=+>-+\] 25 % 1m1s$/)
  expect(/\[(.*)\]/.exec(text)?.[1]).toHaveLength(62)
  expect(barText({ ...bar, current: 4 }, 0)).toContain(`[${'='.repeat(62)}] 100 %`)
  expect(barText({ ...bar, kind: 'size', total: 2048 }, 0)).toContain('1B/2.0KiB')
  expect(barText({ ...bar, total: 0, current: 0 }, 0)).toContain('100 %')
})

it('prints once when the output is no screen', () => {
  const lines: string[] = []
  const terminal: Terminal = {
    screen: false,
    colors: createColors(false),
    out: (text) => void lines.push(text),
    err: () => undefined,
    ask: () => Promise.resolve(undefined),
    async *stdin() {},
    write: () => Promise.resolve(),
  }
  const progress = new Progress(
    terminal,
    [{ label: 'x', kind: 'count', total: 2, current: 0 }],
    () => 0,
  )
  progress.add(0, 1)
  progress.add(0, 1)
  expect(lines).toEqual([])
  progress.finish()
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('2/2')
})
