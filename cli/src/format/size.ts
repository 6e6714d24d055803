/** How sizes are shown and read: powers of 1024, powers of 1000, or plain bytes. */
export type Units = 'iec' | 'si' | 'raw'

const suffixes = { iec: ['TiB', 'GiB', 'MiB', 'KiB'], si: ['TB', 'GB', 'MB', 'KB'] } as const

/** `1.25GiB`, `1.34GB`, or `1342177280`. Divided in single precision, as upstream does. */
export function formatSize(bytes: number, units: Units = 'iec', digits = 2): string {
  if (units === 'raw') return String(bytes)
  const base = units === 'iec' ? 1024 : 1000
  let unit = base ** 4
  for (const suffix of suffixes[units]) {
    if (bytes >= unit) {
      return Math.fround(Math.fround(bytes) / Math.fround(unit)).toFixed(digits) + suffix
    }
    unit /= base
  }
  return `${bytes}B`
}

/**
 * Reads `4mb`, `1MiB`, `128k` or plain bytes. Short suffixes mean 1024 with `iec`, 1000 with `si`; with `raw` only
 * plain bytes are read. Returns `undefined` for anything else.
 */
export function parseSize(text: string, units: Units = 'iec'): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgtp]?)(i?)(b?)$/i.exec(text.trim())
  if (match === null) return undefined
  const [, digits = '', letter = '', i = ''] = match
  const power = letter === '' ? 0 : 'kmgtp'.indexOf(letter.toLowerCase()) + 1
  if (power > 0 && units === 'raw') return undefined
  if (power === 0 && i !== '') return undefined
  const base = i !== '' || units === 'iec' ? 1024 : 1000
  const bytes = Math.round(Number(digits) * base ** power)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}
