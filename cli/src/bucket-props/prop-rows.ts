import type { Fields } from '@aistore-ts/sdk/decode.ts'
import { flatten } from '../arguments/key-values.ts'
import { formatAccess } from './access.ts'
import { formatFeatures } from './features.ts'

export type PropRow = readonly [name: string, value: string]

/** Fields that the listing leaves out, or shows in another way. */
const hidden: ReadonlySet<string> = new Set(['bid', 'Renamed', 'backend_bck.namespace'])

/** Rows that are there even when the server leaves the empty field out. */
const omittable: readonly PropRow[] = [
  ['chunks.checkpoint_every', '0'],
  ['chunks.flags', '0'],
  ['rate_limit.backend.per_op_max_tokens', ''],
  ['rate_limit.frontend.per_op_max_tokens', ''],
]

/** A bucket's settings as `PROPERTY VALUE` rows, sorted by dotted name. */
export function propRows(props: Fields): PropRow[] {
  const rows = new Map<string, string>(omittable)
  for (const [name, value] of flatten(props)) {
    if ([...hidden].some((h) => name === h || name.startsWith(`${h}.`))) continue
    if (name === 'extra' || (name.startsWith('extra.') && (value === '' || value === '{}')))
      continue
    rows.set(name, shown(name, value))
  }
  if (!rows.has('present')) rows.set('present', 'yes')
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1))
}

function shown(name: string, value: string): string {
  if (name === 'access') return formatAccess(value)
  if (name === 'features') return formatFeatures(value)
  if (name === 'created') {
    // Nanoseconds; whole seconds are shown.
    const ms = Number(BigInt(value) / 1_000_000n)
    return ms === 0 ? '-' : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
  }
  if (name === 'chunks.objsize_limit' && value === '0B') return '0B (auto-chunking disabled)'
  return value
}
