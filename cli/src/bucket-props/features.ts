import { featureNames } from '@aistore-ts/sdk/names/features.ts'

export function formatFeatures(mask: string): string {
  const bits = BigInt(mask)
  const names = featureNames.filter((_, bit) => (bits >> BigInt(bit)) & 1n)
  return names.length === 0 ? 'none' : names.join(',')
}

/** Reads names with commas or blanks between, `none`, or a number; `undefined` when it is none of these. */
export function parseFeatures(text: string): string | undefined {
  if (/^\d+$/.test(text)) return text
  if (text === 'none' || text === '') return '0'
  let mask = 0n
  for (const word of text.split(/[\s,]+/)) {
    const bit = featureNames.findIndex((name) => name.toLowerCase() === word.toLowerCase())
    if (bit < 0) return undefined
    mask |= 1n << BigInt(bit)
  }
  return String(mask)
}
