import { z } from 'zod'
import { AisError } from '../errors/ais-error.ts'
import { describeIssue } from '../wire/strict.ts'
import { wireVersion } from '../wire/version.ts'
import { isActive, isIc, type Snode, snodeSchema, snodeToJson } from './snode.ts'

/** Cluster map: immutable; every change is a new map one version up (100 after an election). */
export interface Smap {
  readonly version: number
  /** Cluster ID, fixed at creation; empty before. */
  readonly uuid: string
  /** UTC, `2006-01-02 15:04:05`. */
  readonly creationTime: string
  /** Node ID of the primary; empty while there is none. */
  readonly primaryId: string
  readonly proxies: ReadonlyMap<string, Snode>
  readonly targets: ReadonlyMap<string, Snode>
  /** The cluster gives itself up: its nodes go over to that one as soon as it has taken its buckets in. */
  readonly absorbedBy?: OtherCluster | undefined
  /** IDs of clusters that gave themselves up for this one. */
  readonly absorbed?: readonly string[] | undefined
}

/** Another cluster, and where it is found. */
export interface OtherCluster {
  readonly uuid: string
  /** Public URLs of its gateways. */
  readonly urls: readonly string[]
}

export function emptySmap(): Smap {
  return {
    version: 0,
    uuid: '',
    creationTime: '',
    primaryId: '',
    proxies: new Map(),
    targets: new Map(),
  }
}

export function primaryOf(smap: Smap): Snode | undefined {
  return smap.proxies.get(smap.primaryId)
}

export function findNode(smap: Smap, daemonId: string): Snode | undefined {
  return smap.targets.get(daemonId) ?? smap.proxies.get(daemonId)
}

/** Targets that own objects: not in maintenance, not leaving. In map order. */
export function activeTargets(smap: Smap): readonly Snode[] {
  return [...smap.targets.values()].filter(isActive)
}

export function activeProxies(smap: Smap): readonly Snode[] {
  return [...smap.proxies.values()].filter(isActive)
}

/** Members of the information center that are at work. */
export function icMembers(smap: Smap): readonly Snode[] {
  return activeProxies(smap).filter(isIc)
}

/** All nodes, proxies first. */
export function allNodes(smap: Smap): readonly Snode[] {
  return [...smap.proxies.values(), ...smap.targets.values()]
}

/** The next map with `snode` added or replaced. */
export function withNode(smap: Smap, snode: Snode): Smap {
  const next = { ...smap, version: smap.version + 1 }
  return snode.daemonType === 'proxy'
    ? { ...next, proxies: new Map(smap.proxies).set(snode.daemonId, snode) }
    : { ...next, targets: new Map(smap.targets).set(snode.daemonId, snode) }
}

/** The next map without the node; the same map when it has none such. */
export function withoutNode(smap: Smap, daemonId: string): Smap {
  if (findNode(smap, daemonId) === undefined) return smap
  const proxies = new Map(smap.proxies)
  const targets = new Map(smap.targets)
  proxies.delete(daemonId)
  targets.delete(daemonId)
  const primaryId = smap.primaryId === daemonId ? '' : smap.primaryId
  return { ...smap, version: smap.version + 1, primaryId, proxies, targets }
}

/** The next map with another primary. `by` is 100 after an election. @throws Error when it is not in the map */
export function withPrimary(smap: Smap, daemonId: string, by = 1): Smap {
  if (!smap.proxies.has(daemonId)) throw new Error(`assert: proxy ${daemonId} is not in the Smap`)
  return { ...smap, version: smap.version + by, primaryId: daemonId }
}

const smapSchema = z
  .object({
    pmap: z.record(z.string(), snodeSchema).nullish(),
    proxy_si: snodeSchema.nullish(),
    tmap: z.record(z.string(), snodeSchema).nullish(),
    uuid: z.string().default(''),
    creation_time: z.string().default(''),
    version: wireVersion,
    absorbed_by: z.object({ uuid: z.string(), urls: z.array(z.string()) }).nullish(),
    absorbed: z.array(z.string()).nullish(),
  })
  .transform((raw, context): Smap => {
    const proxies = new Map(Object.entries(raw.pmap ?? {}))
    const targets = new Map(Object.entries(raw.tmap ?? {}))
    const check = (map: ReadonlyMap<string, Snode>, type: Snode['daemonType'], key: string) => {
      for (const [id, node] of map) {
        if (node.daemonId !== id || node.daemonType !== type) {
          context.addIssue({
            code: 'custom',
            path: [key, id],
            message: `holds ${node.daemonType} "${node.daemonId}"`,
          })
        }
      }
    }
    check(proxies, 'proxy', 'pmap')
    check(targets, 'target', 'tmap')
    const primaryId = raw.proxy_si?.daemonId ?? ''
    if (primaryId !== '' && !proxies.has(primaryId)) {
      context.addIssue({
        code: 'custom',
        path: ['proxy_si'],
        message: `"${primaryId}" is not in pmap`,
      })
    }
    return {
      version: raw.version,
      uuid: raw.uuid,
      creationTime: raw.creation_time,
      primaryId,
      proxies,
      targets,
      ...(raw.absorbed_by ? { absorbedBy: raw.absorbed_by } : {}),
      ...(raw.absorbed ? { absorbed: raw.absorbed } : {}),
    }
  })

/**
 * Reads a map as `parseJson` gave it, with its 64-bit digests exact.
 * @throws AisError `ErrBadRequest` naming the field
 */
export function parseSmap(json: unknown): Smap {
  const result = smapSchema.safeParse(json)
  if (result.success) return result.data
  throw new AisError('ErrBadRequest', `invalid Smap: ${describeIssue(result.error)}`)
}

/** Wire shape in upstream's key order; write it with `stringifyJson`, which keeps the digests whole. */
export function smapToJson(smap: Smap): Record<string, unknown> {
  const nodes = (map: ReadonlyMap<string, Snode>) =>
    new Map([...map].map(([id, node]) => [id, snodeToJson(node)]))
  const primary = primaryOf(smap)
  return {
    pmap: nodes(smap.proxies),
    proxy_si: primary === undefined ? null : snodeToJson(primary),
    tmap: nodes(smap.targets),
    uuid: smap.uuid,
    creation_time: smap.creationTime,
    version: String(smap.version),
    absorbed_by: smap.absorbedBy,
    absorbed: smap.absorbed,
  }
}
