const second = 1_000_000_000n
const minute = 60n * second
const hour = 60n * minute

/** Go's own text of a duration: `1h0m5s`, `1.5s`, `6.741587ms`, `0s`. */
export function formatGoDuration(ns: bigint): string {
  if (ns < 0n) return `-${formatGoDuration(-ns)}`
  if (ns === 0n) return '0s'
  if (ns < 1000n) return `${ns}ns`
  if (ns < 1_000_000n) return `${decimal(ns, 1000n)}µs`
  if (ns < second) return `${decimal(ns, 1_000_000n)}ms`
  const seconds = `${decimal(ns % minute, second)}s`
  if (ns < minute) return seconds
  const minutes = `${(ns % hour) / minute}m${seconds}`
  return ns < hour ? minutes : `${ns / hour}h${minutes}`
}

/** A duration for people: the longer, the coarser. */
export function formatDuration(ns: bigint): string {
  return formatGoDuration(roundedNs(ns))
}

/** Reads `10s`, `1m30s`, `1.5h`; a bare number is seconds. Returns ms, or `undefined` when it is neither. */
export function parseDurationMs(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined
  let ms = 0
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    ms += Number(number) * (unitMs[unit] ?? 0)
  }
  return ms
}

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

function roundedNs(ns: bigint): bigint {
  if (ns < 100_000_000n) return ns
  if (ns < second) return round(ns, 1_000_000n)
  if (ns < 10n * second) return round(ns, 10_000_000n)
  if (ns < 100n * second) return round(ns, 100_000_000n)
  return round(ns, second)
}

function round(ns: bigint, step: bigint): bigint {
  return ((ns + step / 2n) / step) * step
}

/** `value / unit` with as many decimals as it has, no trailing zeros. */
function decimal(value: bigint, unit: bigint): string {
  const whole = value / unit
  const rest = value % unit
  if (rest === 0n) return String(whole)
  const digits = String(unit).length - 1
  return `${whole}.${String(rest).padStart(digits, '0').replace(/0+$/, '')}`
}
