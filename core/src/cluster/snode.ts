import { z } from 'zod'
import { fromBase64, toBase64 } from '../algorithms/base64.ts'
import { U64 } from '../algorithms/u64.ts'
import { AisError } from '../errors/ais-error.ts'
import { describeIssue } from '../wire/strict.ts'
import { placementDigest } from './placement-digest.ts'

/** `id_digest` of a node: what it brings to every HRW draw. */
export function idDigest(daemonId: string): bigint {
  return placementDigest(daemonId).toBigInt()
}

/** Bits of `Snode.flags`. @see AIStore core/meta/smap.go */
export const snodeFlags = {
  nonElectable: 1,
  ic: 2,
  maintenance: 4,
  decommission: 8,
  maintenancePostRebalance: 16,
} as const

export interface NetInfo {
  readonly hostname: string
  /** Decimal port, as upstream keeps it. */
  readonly port: string
  readonly url: string
}

/** A node as every other node knows it. */
export interface Snode {
  readonly daemonId: string
  readonly daemonType: 'proxy' | 'target'
  /** The public face: keeps everything a client sent. */
  readonly publicNet: NetInfo
  readonly controlNet: NetInfo
  readonly dataNet: NetInfo
  readonly publicExtra: readonly NetInfo[]
  readonly flags: number
  /** Digest of `daemonId` as halves: kept, since every redirect draws with it. */
  readonly digest: Readonly<U64>
  readonly verifyingKey?: Uint8Array | undefined
  /** Public X25519 key, ours: what the keys of its pairs are made from. */
  readonly exchangeKey?: Uint8Array | undefined
  /** Failure domains, ours: copies and slices avoid sharing one. Empty when not told. */
  readonly host: string
  readonly zone: string
}

/** What `createSnode` needs; the rest has an obvious value. */
export type SnodeInit = Pick<
  Snode,
  'daemonId' | 'daemonType' | 'publicNet' | 'controlNet' | 'dataNet'
> &
  Partial<Snode>

export function createSnode(init: SnodeInit): Snode {
  return {
    publicExtra: [],
    flags: 0,
    host: '',
    zone: '',
    ...init,
    digest: Object.freeze(placementDigest(init.daemonId)),
  }
}

/** A network address by its parts; `url` is what clients and peers call. */
export function netInfo(
  hostname: string,
  port: number,
  protocol: 'http' | 'https' = 'http',
): NetInfo {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname
  return { hostname, port: String(port), url: `${protocol}://${host}:${port}` }
}

/** Takes part in placement and voting: neither in maintenance nor leaving. */
export function isActive(snode: Snode): boolean {
  return (snode.flags & (snodeFlags.maintenance | snodeFlags.decommission)) === 0
}

/** A target out of service whose objects are known to be elsewhere. The flag says nothing of one in service. */
export function isDrained(snode: Snode): boolean {
  return !isActive(snode) && (snode.flags & snodeFlags.maintenancePostRebalance) !== 0
}

export function isElectable(snode: Snode): boolean {
  return snode.daemonType === 'proxy' && (snode.flags & snodeFlags.nonElectable) === 0
}

export function isIc(snode: Snode): boolean {
  return (snode.flags & snodeFlags.ic) !== 0
}

/** Copy with `set` bits on and `clear` bits off. */
export function withFlags(snode: Snode, set: number, clear = 0): Snode {
  return { ...snode, flags: (snode.flags | set) & ~clear }
}

/** Of an X25519 key. */
export const exchangeKeyBytes = 32

const netSchema = z
  .object({ node_ip_addr: z.string(), daemon_port: z.string(), direct_url: z.string() })
  .transform((net) => ({ hostname: net.node_ip_addr, port: net.daemon_port, url: net.direct_url }))

const uint64 = z
  .union([z.bigint(), z.int().nonnegative()], { error: 'expected an exact uint64' })
  .transform(BigInt)

/** Wire shape of a node, unknown keys ignored. */
export const snodeSchema = z
  .object({
    public_net: netSchema,
    intra_data_net: netSchema,
    intra_control_net: netSchema,
    daemon_type: z.enum(['proxy', 'target']),
    daemon_id: z.string().min(1),
    pub_extra: z.array(netSchema).nullish(),
    flags: z.int().nonnegative().default(0),
    id_digest: uint64.default(0n),
    verifying_key: z.string().nullish(),
    exchange_key: z
      .string()
      .transform((text, context) => {
        const key = fromBase64(text)
        if (key?.length === exchangeKeyBytes) return key
        context.addIssue({
          code: 'custom',
          message: `expected ${exchangeKeyBytes} bytes in base64`,
        })
        return z.NEVER
      })
      .optional(),
    host: z.string().default(''),
    zone: z.string().default(''),
  })
  .transform((raw, context): Snode => {
    const digest = placementDigest(raw.daemon_id)
    const stated = raw.id_digest
    if (stated !== 0n && stated !== digest.toBigInt()) {
      context.addIssue({
        code: 'custom',
        path: ['id_digest'],
        message: `${stated} is not the digest of "${raw.daemon_id}" (${digest.toBigInt()}): was it rounded?`,
      })
    }
    const key = raw.verifying_key ? fromBase64(raw.verifying_key) : undefined
    return {
      daemonId: raw.daemon_id,
      daemonType: raw.daemon_type,
      publicNet: raw.public_net,
      dataNet: raw.intra_data_net,
      controlNet: raw.intra_control_net,
      publicExtra: raw.pub_extra ?? [],
      flags: raw.flags,
      digest: Object.freeze(digest),
      host: raw.host,
      zone: raw.zone,
      ...(key === undefined ? {} : { verifyingKey: key }),
      ...(raw.exchange_key === undefined ? {} : { exchangeKey: raw.exchange_key }),
    }
  })

/** @throws AisError `ErrBadRequest` naming the field; an `id_digest` that lost bits on its way is one */
export function parseSnode(json: unknown): Snode {
  const result = snodeSchema.safeParse(json)
  if (result.success) return result.data
  throw new AisError('ErrBadRequest', `invalid node: ${describeIssue(result.error)}`)
}

function netToJson(net: NetInfo): Record<string, unknown> {
  return { node_ip_addr: net.hostname, daemon_port: net.port, direct_url: net.url }
}

/** Wire shape in upstream's key order; empty optional parts are left out. */
export function snodeToJson(snode: Snode): Record<string, unknown> {
  const { publicExtra, verifyingKey, exchangeKey } = snode
  return {
    public_net: netToJson(snode.publicNet),
    intra_data_net: netToJson(snode.dataNet),
    intra_control_net: netToJson(snode.controlNet),
    daemon_type: snode.daemonType,
    daemon_id: snode.daemonId,
    pub_extra: publicExtra.length === 0 ? undefined : publicExtra.map(netToJson),
    flags: snode.flags,
    id_digest: new U64(snode.digest.hi, snode.digest.lo).toBigInt(),
    verifying_key: verifyingKey === undefined ? undefined : toBase64(verifyingKey),
    exchange_key: exchangeKey === undefined ? undefined : toBase64(exchangeKey),
    host: snode.host === '' ? undefined : snode.host,
    zone: snode.zone === '' ? undefined : snode.zone,
  }
}
