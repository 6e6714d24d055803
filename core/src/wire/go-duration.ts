import { z } from 'zod'

const nsPerMs = 1e6

/** Units of Go's durations, in ms. */
const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
}

/** Milliseconds of a Go duration (`1h30m`, `100ms`, `-1.5s`, `0`), or `undefined` when it is none. */
export function findGoDuration(text: string): number | undefined {
  const [, sign, rest] = /^([-+]?)(.*)$/s.exec(text) ?? []
  if (rest === undefined || rest.length > 64) return undefined
  if (rest === '0') return 0
  if (!/^(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined
  let total = 0
  for (const [, value, unit] of rest.matchAll(/([0-9.]+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(value) * (unitMs[unit ?? ''] ?? Number.NaN)
  }
  // int64 nanoseconds is all Go can hold.
  if (!(total * nsPerMs < 2 ** 63)) return undefined
  // A whole number of nanoseconds, so that sums like 0.1s + 0.2s print as they were written.
  const ms = Math.round(total * nsPerMs) / nsPerMs
  return sign === '-' && ms !== 0 ? -ms : ms
}

/** As Go prints a duration: `1h0m0s`, `1.5s`, `100ms`, `0s`. */
export function goDurationText(ms: number): string {
  const ns = Math.round(Math.abs(ms) * nsPerMs)
  const sign = ms < 0 && ns > 0 ? '-' : ''
  if (ns === 0) return '0s'
  if (ns < 1e3) return `${sign}${ns}ns`
  if (ns < 1e6) return `${sign}${decimal(ns, 1e3)}µs`
  if (ns < 1e9) return `${sign}${decimal(ns, 1e6)}ms`
  const minutes = Math.floor(ns / 6e10)
  const seconds = decimal(ns - minutes * 6e10, 1e9)
  if (minutes === 0) return `${sign}${seconds}s`
  const hours = Math.floor(minutes / 60)
  return `${sign}${hours === 0 ? '' : `${hours}h`}${minutes % 60}m${seconds}s`
}

function decimal(ns: number, unit: number): string {
  const whole = Math.floor(ns / unit)
  const fraction = String(ns - whole * unit)
    .padStart(Math.log10(unit), '0')
    .replace(/0+$/, '')
  return fraction === '' ? String(whole) : `${whole}.${fraction}`
}

/** As AIStore prints a duration in JSON: Go's form without the `0s` after minutes (`2m`, `1h0m`). */
export function formatGoDuration(ms: number): string {
  return goDurationText(ms).replace(/m0s$/, 'm')
}

/** A duration of a JSON body, in ms: a string only, as upstream. */
export const goDuration = z
  .string({ error: 'expected a duration string' })
  .transform((text, context) => {
    const ms = findGoDuration(text)
    if (ms !== undefined) return ms
    context.addIssue({ code: 'custom', message: `invalid duration "${text}"` })
    return z.NEVER
  })
