import { bmdToJson, parseBmd } from '../bucket/bmd.ts'
import { configToJson, parseClusterConfig } from '../config/cluster-config.ts'
import { AisError } from '../errors/ais-error.ts'
import { isJsonObject, type JsonValue } from '../wire/json.ts'
import type { MetadataBundle } from './metadata.ts'
import { parseSmap, smapToJson } from './smap.ts'

/** A bundle as it travels between nodes: each document in its own wire form, absent ones left out. */
export function metasyncJson(bundle: MetadataBundle): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  if (bundle.smap) out.smap = smapToJson(bundle.smap)
  if (bundle.bmd) out.bmd = bmdToJson(bundle.bmd)
  if (bundle.config) out.config = configToJson(bundle.config)
  return out
}

/** @throws AisError `ErrBadRequest` */
export function parseMetasync(json: JsonValue): MetadataBundle {
  if (!isJsonObject(json)) throw new AisError('ErrBadRequest', 'metasync: expected a JSON object')
  return {
    smap: json.smap === undefined ? undefined : parseSmap(json.smap),
    bmd: json.bmd === undefined ? undefined : parseBmd(json.bmd),
    config: json.config === undefined ? undefined : parseClusterConfig(json.config),
  }
}
