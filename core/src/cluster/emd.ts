import { z } from 'zod'
import { AisError } from '../errors/ais-error.ts'
import { describeIssue } from '../wire/strict.ts'
import { wireVersion } from '../wire/version.ts'

/**
 * ETL metadata: the transformers that the cluster knows, by name, each with the message it was initialized with.
 * Immutable; replicated and versioned as the BMD is. @see AIStore ext/etl, MD
 */
export interface Emd {
  readonly version: number
  readonly etls: ReadonlyMap<string, EtlEntry>
}

/** What is known of one transformer. */
export interface EtlEntry {
  /** The message that initialized it, whole: what `GET /v1/etl/NAME` shows. */
  readonly initMsg: Readonly<Record<string, unknown>>
}

/** Of a cluster that never had a transformer; what states of older programs hold. */
export const emptyEmd: Emd = Object.freeze({ version: 0, etls: new Map() })

const emdSchema = z.object({
  version: wireVersion,
  etls: z.record(z.string(), z.object({ init_msg: z.record(z.string(), z.unknown()) })).nullish(),
})

/** @throws AisError `ErrBadRequest` naming the field */
export function parseEmd(json: unknown): Emd {
  const result = emdSchema.safeParse(json)
  if (!result.success) {
    throw new AisError('ErrBadRequest', `invalid EMD: ${describeIssue(result.error)}`)
  }
  const { version, etls } = result.data
  const entries = Object.entries(etls ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    version,
    etls: new Map(entries.map(([name, { init_msg }]) => [name, { initMsg: init_msg }])),
  }
}

export function emdToJson({ version, etls }: Emd): Record<string, unknown> {
  return {
    version: String(version),
    etls: new Map([...etls].map(([name, { initMsg }]) => [name, { init_msg: initMsg }])),
  }
}
