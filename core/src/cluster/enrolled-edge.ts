import { z } from 'zod'
import { fromBase64, toBase64 } from '../algorithms/base64.ts'
import { exchangeKeyBytes, type Snode } from './snode.ts'

/** What the tags of an edge gateway are good for: reads, or changes of objects too. */
export type EdgeAccess = 'ro' | 'rw'

/** A gateway at the edge: in no map, member of nothing, known by its key. */
export interface EnrolledEdge extends Pick<Snode, 'daemonId'> {
  readonly id: string
  readonly exchangeKey: Uint8Array
  readonly access: EdgeAccess
  /** Names of `ais://` buckets; empty: all. */
  readonly buckets: readonly string[]
  /** Where clients find it; empty: not told. */
  readonly url: string
  readonly createdMs: number
}

/** Most that a cluster enrols: the list is in a document that every node holds. */
export const edgesMax = 1_000
const bucketsMax = 1_000

/** An X25519 public key in base64. */
export const exchangeKeySchema = z.string().transform((text, context) => {
  const key = fromBase64(text)
  if (key?.length === exchangeKeyBytes) return key
  context.addIssue({ code: 'custom', message: `expected ${exchangeKeyBytes} bytes in base64` })
  return z.NEVER
})

/** Fields that an administrator gives. */
export const newEdgeShape = {
  id: z.string().regex(/^[A-Za-z0-9_-]{3,32}$/, 'expecting 3 to 32 letters, digits, "_" and "-"'),
  public_key: exchangeKeySchema,
  access: z.enum(['ro', 'rw']).default('ro'),
  buckets: z.array(z.string().min(1)).max(bucketsMax).default([]),
  url: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
}

const schema = z.object({ ...newEdgeShape, created_ms: z.int().nonnegative() })

/** @param raw as `newEdgeShape` reads it */
export function enrolledEdge(
  raw: Omit<z.output<typeof schema>, 'created_ms'>,
  createdMs: number,
): EnrolledEdge {
  const { id, public_key: exchangeKey, access, buckets, url } = raw
  return { id, daemonId: id, exchangeKey, access, buckets, url, createdMs }
}

export const enrolledEdgeSchema = schema.transform((raw) => enrolledEdge(raw, raw.created_ms))

/** As `enrolledEdgeSchema` reads it. */
export function enrolledEdgeToJson(edge: EnrolledEdge): Record<string, unknown> {
  return {
    id: edge.id,
    public_key: toBase64(edge.exchangeKey),
    access: edge.access,
    buckets: edge.buckets,
    url: edge.url,
    created_ms: edge.createdMs,
  }
}

/** Whether an edge may vouch for a call about something in `bucket`. */
export function mayVouch(
  { access, buckets }: EnrolledEdge,
  reads: boolean,
  bucket: string,
): boolean {
  return (reads || access === 'rw') && (buckets.length === 0 || buckets.includes(bucket))
}
