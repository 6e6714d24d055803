/** Whether reads that go through an edge are kept there, and for how long nobody is asked whether they changed. */
export type CacheMode =
  | { readonly kind: 'off' }
  /** The owner is asked for each read: never stale once a change was acknowledged. */
  | { readonly kind: 'validate' }
  /** Stale for so long at most, ms. */
  | { readonly kind: 'max-age'; readonly maxAgeMs: number }

const maxAgeSecondsMax = 86_400

/** Reads `AIS_EDGE_CACHE`. @throws Error naming it */
export function cacheModeOf(text: unknown): CacheMode {
  if (text === undefined || text === null || text === '' || text === 'validate') {
    return { kind: 'validate' }
  }
  if (text === 'off') return { kind: 'off' }
  const [, digits] = /^max-age:(\d{1,6})$/.exec(String(text)) ?? []
  const seconds = Number(digits)
  if (digits !== undefined && seconds >= 1 && seconds <= maxAgeSecondsMax) {
    return { kind: 'max-age', maxAgeMs: seconds * 1_000 }
  }
  throw new Error(
    `AIS_EDGE_CACHE: "${String(text)}": expecting validate, off, or max-age:N with N of 1 to ${maxAgeSecondsMax} seconds`,
  )
}
