import { formatGoDuration } from '../format/duration.ts'
import { formatSize } from '../format/size.ts'
import type { Terminal } from './terminal.ts'

/** Inner width of a bar, characters. */
const barWidth = 64

/** Least time between two drawings, ms. */
const redrawMs = 100

export interface Bar {
  readonly label: string
  readonly kind: 'count' | 'size'
  readonly total: number
  current: number
}

/** `label  cur/total [=====>----] NN %  elapsed` */
export function barText(bar: Bar, elapsedMs: number): string {
  const part = bar.total === 0 ? 1 : Math.min(1, bar.current / bar.total)
  const inner = barWidth - 2
  const filled = Math.round(part * inner)
  const head = filled < inner && filled > 0 ? '>' : ''
  const line = '='.repeat(Math.max(0, filled - head.length)) + head
  const amount = (n: number) => (bar.kind === 'size' ? formatSize(n, 'iec', 1) : String(n))
  const seconds = formatGoDuration(BigInt(Math.floor(elapsedMs / 1000)) * 1_000_000_000n)
  return `${bar.label} ${amount(bar.current)}/${amount(bar.total)} [${line.padEnd(inner, '-')}] ${Math.floor(part * 100)} % ${seconds}`
}

/**
 * Bars that are redrawn in place on a screen; elsewhere they are printed once, at the end.
 */
export class Progress {
  readonly #bars: readonly Bar[]
  readonly #terminal: Terminal
  readonly #now: () => number
  readonly #startedMs: number
  #drawnMs = Number.NEGATIVE_INFINITY
  #drawn = false

  constructor(terminal: Terminal, bars: readonly Bar[], now: () => number) {
    this.#terminal = terminal
    this.#bars = bars
    this.#now = now
    this.#startedMs = now()
  }

  /** Moves the bar at `index` on. */
  add(index: number, amount: number): void {
    const bar = this.#bars[index]
    if (bar !== undefined) bar.current += amount
    const now = this.#now()
    if (!this.#terminal.screen || now - this.#drawnMs < redrawMs) return
    this.#drawnMs = now
    this.#draw(now)
  }

  /** Draws for the last time. */
  finish(): void {
    this.#draw(this.#now())
  }

  #draw(now: number): void {
    const up = this.#drawn ? `\u001b[${this.#bars.length}A` : ''
    const lines = this.#bars.map((bar) => barText(bar, now - this.#startedMs))
    const clear = this.#terminal.screen ? '\r\u001b[K' : ''
    this.#terminal.out(up + lines.map((line) => `${clear}${line}\n`).join(''))
    this.#drawn = true
  }
}
