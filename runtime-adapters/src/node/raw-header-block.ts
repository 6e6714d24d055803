import type { HeaderBlock, HeaderLine } from '@aistore-ts/core/ports/call.ts'
import { fromWireText } from './wire-text.ts'

/**
 * A header block over `rawHeaders` (name, value, name, value): nothing is joined, dropped or copied before
 * it is asked for. Looking a name up costs one pass; blocks are short and most lines are never read.
 */
export class RawHeaderBlock implements HeaderBlock {
  readonly #raw: readonly string[]
  /** A bit for each length of a name (modulo 32): most names that are asked for are not there. */
  #lengths: number | undefined
  #lines: readonly HeaderLine[] | undefined

  constructor(raw: readonly string[]) {
    this.#raw = raw
  }

  get(name: string): string | undefined {
    const raw = this.#raw
    this.#lengths ??= lengthsOf(raw)
    if ((this.#lengths & (1 << name.length)) === 0) return undefined
    for (let at = 0; at + 1 < raw.length; at += 2) {
      if (sameName(raw[at], name)) return fromWireText(raw[at + 1] ?? '')
    }
    return undefined
  }

  all(name: string): readonly string[] {
    const raw = this.#raw
    const values: string[] = []
    for (let at = 0; at + 1 < raw.length; at += 2) {
      if (sameName(raw[at], name)) values.push(fromWireText(raw[at + 1] ?? ''))
    }
    return values
  }

  lines(): readonly HeaderLine[] {
    this.#lines ??= this.#readLines()
    return this.#lines
  }

  #readLines(): readonly HeaderLine[] {
    const raw = this.#raw
    const lines: HeaderLine[] = []
    for (let at = 0; at + 1 < raw.length; at += 2) {
      lines.push([(raw[at] ?? '').toLowerCase(), fromWireText(raw[at + 1] ?? '')])
    }
    return lines
  }
}

function lengthsOf(raw: readonly string[]): number {
  let lengths = 0
  // A shift counts modulo 32.
  for (let at = 0; at < raw.length; at += 2) lengths |= 1 << (raw[at] ?? '').length
  return lengths
}

function sameName(arrived: string | undefined, name: string): boolean {
  return (
    arrived !== undefined &&
    arrived.length === name.length &&
    (arrived === name || arrived.toLowerCase() === name)
  )
}
