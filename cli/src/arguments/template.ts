import { CommandError } from './usage-error.ts'

/** Most names one template may stand for. @see AIStore cmn/cos/template.go */
export const expansionsMax = 10_000_000

interface Range {
  readonly start: number
  readonly end: number
  readonly step: number
  /** Digits, zero-padded. */
  readonly width: number
  /** Text after the range, up to the next one. */
  readonly gap: string
}

/** A template such as `shard-{000..099..2}.tar`; without ranges it is a prefix. */
export interface Template {
  readonly prefix: string
  readonly ranges: readonly Range[]
}

/** @throws CommandError for a malformed or oversized range */
export function parseTemplate(text: string): Template {
  if (text === '' || text === '*') return { prefix: '', ranges: [] }
  const parts = text.split(/(\{[^{}]*\.\.[^{}]*\})/)
  const [prefix = ''] = parts
  const ranges: Range[] = []
  for (let at = 1; at < parts.length; at += 2) {
    ranges.push(parseRange(parts[at] ?? '', parts[at + 1] ?? '', text))
  }
  if (ranges.length === 0 && /[{}]/.test(text)) {
    throw new CommandError(
      `invalid template ${JSON.stringify(text)}: expecting {start..end[..step]}`,
    )
  }
  const total = ranges.reduce((count, r) => count * (Math.floor((r.end - r.start) / r.step) + 1), 1)
  if (total > expansionsMax) {
    throw new CommandError(`template ${JSON.stringify(text)} is too large (over ${expansionsMax})`)
  }
  return { prefix, ranges }
}

/** Every name the template stands for, in order; the prefix alone when it has no range. */
export function* expandTemplate(template: Template): Generator<string> {
  yield* expand(template.prefix, template.ranges)
}

function* expand(head: string, ranges: readonly Range[]): Generator<string> {
  const [range, ...rest] = ranges
  if (range === undefined) {
    yield head
    return
  }
  for (let n = range.start; n <= range.end; n += range.step) {
    yield* expand(head + String(n).padStart(range.width, '0') + range.gap, rest)
  }
}

function parseRange(braces: string, gap: string, whole: string): Range {
  const match = /^\{(\d+)\.\.(\d+)(?:\.\.(\d+))?\}$/.exec(braces)
  if (match === null) {
    throw new CommandError(`invalid template ${JSON.stringify(whole)}: bad range ${braces}`)
  }
  const [, from = '', to = '', by = '1'] = match
  const start = Number(from)
  const end = Number(to)
  const step = Number(by)
  if (start > end || step < 1) {
    throw new CommandError(`invalid template ${JSON.stringify(whole)}: bad range ${braces}`)
  }
  return { start, end, step, width: Math.min(from.length, to.length), gap }
}
