import { z } from 'zod'

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/**
 * Bytes of a size text (`16MiB`, `1k`, `4MB`, `100`), or `undefined` when it is none. Units mean powers of
 * 1024 in either spelling, as upstream reads configuration. Empty is 0.
 */
export function findSizeIec(text: string): number | undefined {
  if (text === '') return 0
  const match = /^\s*(-?[0-9]+)(\.[0-9]*)?\s*([kmgt]?)(?:i?b?)\s*$/i.exec(text)
  if (match === null) return undefined
  const [, whole, fraction = '', prefix = ''] = match
  const power = prefix === '' ? 0 : 'kmgt'.indexOf(prefix.toLowerCase()) + 1
  const bytes = Math.trunc(Number(`${whole}${fraction}`) * 1024 ** power)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/**
 * Size in the largest unit that divides it: `1GiB`, `1536MiB`, `0B`. Upstream rounds to whole units (1.5 GiB
 * becomes `2GiB`) and so forgets; ours reads back as the same number.
 */
export function formatSizeIec(bytes: number): string {
  let power = 0
  let value = bytes
  while (power < units.length - 1 && value !== 0 && value % 1024 === 0) {
    value /= 1024
    power++
  }
  return `${value}${units[power]}`
}

/** A size of a JSON body, in bytes: a string only, as upstream. */
export const sizeIec = z.string({ error: 'expected a size string' }).transform((text, context) => {
  const bytes = findSizeIec(text)
  if (bytes !== undefined) return bytes
  context.addIssue({ code: 'custom', message: `invalid size "${text}"` })
  return z.NEVER
})
