import { z } from 'zod'
import { AisError } from '../errors/ais-error.ts'
import type { JsonValue } from '../wire/json.ts'
import { describeIssue } from '../wire/strict.ts'
import type { Metadata, MetadataBundle } from './metadata.ts'
import { type Snode, snodeSchema, snodeToJson } from './snode.ts'

/** What a node tells the primary from time to time: who it is, and which metadata it has. */
export interface KeepaliveMsg {
  readonly node: Snode
  /** Cluster it believes to be in; empty for one that never joined. */
  readonly uuid: string
  readonly versions: { readonly smap: number; readonly bmd: number; readonly config: number }
}

const schema = z.object({
  node: snodeSchema,
  uuid: z.string(),
  versions: z.object({ smap: z.int(), bmd: z.int(), config: z.int() }),
})

/** The message of a node with this metadata. */
export function keepaliveJson(node: Snode, metadata: Metadata): Record<string, unknown> {
  return {
    node: snodeToJson(node),
    uuid: metadata.smap().uuid,
    versions: {
      smap: metadata.smap().version,
      bmd: metadata.bmd().version,
      config: metadata.config().config_version,
    },
  }
}

/** @throws AisError `ErrBadRequest` naming the field */
export function parseKeepalive(json: JsonValue): KeepaliveMsg {
  const result = schema.safeParse(json)
  if (result.success) return result.data
  throw new AisError('ErrBadRequest', `invalid keepalive: ${describeIssue(result.error)}`)
}

/** The documents of ours that are newer than what the node has. */
export function newerThan(metadata: Metadata, { versions }: KeepaliveMsg): MetadataBundle {
  const [smap, bmd, config] = [metadata.smap(), metadata.bmd(), metadata.config()]
  return {
    smap: smap.version > versions.smap ? smap : undefined,
    bmd: bmd.version > versions.bmd ? bmd : undefined,
    config: config.config_version > versions.config ? config : undefined,
  }
}
