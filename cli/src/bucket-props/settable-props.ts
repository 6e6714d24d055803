import type { Fields } from '@aistore-ts/sdk/decode.ts'
import { findProvider } from '@aistore-ts/sdk/names/bck.ts'
import { parseBckUri } from '@aistore-ts/sdk/names/bck-uri.ts'
import { CommandError } from '../arguments/usage-error.ts'
import { parseAccess } from './access.ts'
import { parseFeatures } from './features.ts'

type Kind = 'text' | 'number' | 'boolean' | 'access' | 'features'

/** Every bucket setting that can be changed, by dotted name. @see AIStore cmn.BpropsToSet */
const kinds: Readonly<Record<string, Kind>> = {
  access: 'access',
  'backend_bck.name': 'text',
  'backend_bck.provider': 'text',
  'checksum.enable_read_range': 'boolean',
  'checksum.type': 'text',
  'checksum.validate_cold_get': 'boolean',
  'checksum.validate_obj_move': 'boolean',
  'checksum.validate_warm_get': 'boolean',
  'chunks.checkpoint_every': 'number',
  'chunks.chunk_size': 'text',
  'chunks.flags': 'number',
  'chunks.max_monolithic_size': 'text',
  'chunks.objsize_limit': 'text',
  'ec.bundle_multiplier': 'number',
  'ec.burst_buffer': 'number',
  'ec.compression': 'text',
  'ec.data_slices': 'number',
  'ec.disk_only': 'boolean',
  'ec.enabled': 'boolean',
  'ec.objsize_limit': 'number',
  'ec.parity_slices': 'number',
  'extra.aws.cloud_region': 'text',
  'extra.aws.endpoint': 'text',
  'extra.aws.max_pagesize': 'number',
  'extra.aws.multipart_size': 'text',
  'extra.aws.profile': 'text',
  'extra.custom': 'text',
  'extra.gcp.application_creds': 'text',
  'extra.oci.region': 'text',
  features: 'features',
  'lru.batch_size': 'number',
  'lru.capacity_upd_time': 'text',
  'lru.dont_evict_time': 'text',
  'lru.enabled': 'boolean',
  'mirror.burst_buffer': 'number',
  'mirror.copies': 'number',
  'mirror.enabled': 'boolean',
  'rate_limit.backend.enabled': 'boolean',
  'rate_limit.backend.interval': 'text',
  'rate_limit.backend.max_tokens': 'number',
  'rate_limit.backend.num_retries': 'number',
  'rate_limit.backend.per_op_max_tokens': 'text',
  'rate_limit.frontend.burst_size': 'number',
  'rate_limit.frontend.enabled': 'boolean',
  'rate_limit.frontend.interval': 'text',
  'rate_limit.frontend.max_tokens': 'number',
  'rate_limit.frontend.per_op_max_tokens': 'text',
  's3.redirect': 'boolean',
  'versioning.enabled': 'boolean',
  'versioning.synchronize': 'boolean',
  'versioning.validate_warm_get': 'boolean',
  'write_policy.data': 'text',
  'write_policy.md': 'text',
}

const readOnly: ReadonlySet<string> = new Set(['provider', 'created', 'bid', 'present', 'Renamed'])

/** Is `name` a setting, or the beginning of one? */
export function isSettable(name: string): boolean {
  return Object.keys(kinds).some((key) => key === name || key.startsWith(`${name}.`))
}

/**
 * The body of a change from dotted names and texts, in AIStore's JSON shape.
 * @throws CommandError naming the property that is unknown, read-only or badly valued
 */
export function bucketPropsOf(pairs: readonly (readonly [string, string])[]): Fields {
  const tree: Record<string, unknown> = {}
  for (const [name, value] of pairs.flatMap(expandShortcut)) {
    const kind = kinds[name]
    if (kind === undefined) {
      const what = readOnly.has(name) ? `property "${name}" is readonly` : undefined
      throw new CommandError(what ?? `unknown property "${name}"`)
    }
    assign(tree, name.split('.'), convert(name, value, kind))
  }
  return tree
}

/** `backend_bck=s3://b` and `backend_bck=none`. */
function expandShortcut(pair: readonly [string, string]): (readonly [string, string])[] {
  const [name, value] = pair
  if (name !== 'backend_bck') return [pair]
  if (value === 'none' || value === '') {
    return [
      ['backend_bck.name', ''],
      ['backend_bck.provider', ''],
    ]
  }
  const { bck } = parseBckUri(value)
  if (!value.includes('://') || bck.name === '') {
    throw new CommandError(
      `invalid 'backend_bck=${value}': expecting PROVIDER://BUCKET, for example s3://abc, or none`,
    )
  }
  return [
    ['backend_bck.name', bck.name],
    ['backend_bck.provider', findProvider(bck.provider) ?? ''],
  ]
}

function convert(name: string, value: string, kind: Kind): unknown {
  if (kind === 'text') return value
  if (kind === 'boolean') {
    if (/^(y|yes|on|1|t|true)$/i.test(value)) return true
    if (/^(n|no|off|0|f|false)$/i.test(value)) return false
    throw new CommandError(`invalid ${name}="${value}": expecting true or false`)
  }
  if (kind === 'number') {
    if (/^-?\d+$/.test(value)) return Number(value)
    throw new CommandError(`invalid ${name}="${value}": expecting a number`)
  }
  const mask = kind === 'access' ? parseAccess(value) : parseFeatures(value)
  if (mask !== undefined) return mask
  throw new CommandError(`invalid ${name}="${value}"`)
}

function assign(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let node = tree
  for (const key of path.slice(0, -1)) {
    const below = node[key]
    const next: Record<string, unknown> =
      typeof below === 'object' && below !== null ? { ...below } : {}
    node[key] = next
    node = next
  }
  const last = path.at(-1)
  if (last !== undefined) node[last] = value
}
