import type { ClusterConfig } from '../config/cluster-config.ts'
import { checkRate, checkVersioning } from '../config/config-checks.ts'
import { bucketFeatureMask } from '../config/features.ts'
import { changedNames, defaultsOf, mergeJson, treeToJson, type Values } from '../config/section.ts'
import { AisError } from '../errors/ais-error.ts'
import { isJsonObject, type JsonObject } from '../wire/json.ts'
import { findProvider, type Provider } from './bck.ts'
import { checkBucketName } from './names.ts'
import { propsTable } from './props-table.ts'
import { s3PropsTable } from './s3-props.ts'

/** Properties of a bucket under upstream's names; durations in ms, sizes in bytes, masks as `bigint`. Immutable. */
export type BucketProps = Values<typeof propsTable>

const what = 'bucket props'
const defaults = defaultsOf(propsTable)

/**
 * Properties of a fresh bucket: the cluster's, as far as a bucket of this provider inherits them. `bid` and
 * `created` are the caller's to fill in.
 */
export function defaultBucketProps(config: ClusterConfig, provider: Provider): BucketProps {
  return {
    ...defaults,
    provider,
    write_policy: {
      ...defaults.write_policy,
      data: config.write_policy.data,
      md: config.write_policy.md,
    },
    checksum: config.checksum,
    rate_limit: config.rate_limit,
    ec: config.ec,
    chunks: config.chunks,
    mirror: config.mirror,
    // Nothing could bring an evicted object of an `ais://` bucket back.
    lru: provider === 'ais' ? { ...config.lru, enabled: false } : config.lru,
    features: config.features & bucketFeatureMask,
    versioning: config.versioning,
  }
}

/** Wire shape in upstream's key order. */
export function bucketPropsToJson(props: BucketProps): Record<string, unknown> {
  return treeToJson(propsTable, props)
}

/** Reads what `bucketPropsToJson` wrote. @throws AisError `ErrBadRequest` naming the field */
export function parseBucketProps(json: unknown): BucketProps {
  return mergeJson(propsTable, defaults, json, { what, readOnly: true })
}

/** What the rules of a change depend on besides the bucket. */
export interface PropsContext {
  readonly config: ClusterConfig
  /** Active targets of the map. */
  readonly targets: number
}

/**
 * `set-bprops`, and the properties given with `create-bck`: `json` is upstream's BpropsToSet, partial, with
 * `force`. All of it or nothing.
 * @throws AisError `ErrBadRequest` unknown, read-only or invalid field, or a rule broken; status 409 when mirroring
 * and erasure coding change together
 */
export function applyBucketProps(
  props: BucketProps,
  json: unknown,
  context: PropsContext,
): BucketProps {
  const { toSet, force } = splitForce(json)
  const given = mergeJson(propsTable, props, toSet, { what, readOnly: false })
  const next = settle(props, given, context.config)
  const changed = changedNames(propsTable, props, next)
  checkRules(props, next, changed)
  checkEc(props, next, context.targets, force)
  return next
}

/** `reset-bprops`: the cluster's properties again; identity, backend and access to remote stay. */
export function resetBucketProps(props: BucketProps, config: ClusterConfig): BucketProps {
  const provider = findProvider(props.provider) ?? 'ais'
  const { bid, created, Renamed, backend_bck, extra, s3 } = props
  const fresh = defaultBucketProps(config, provider)
  const kept = { ...s3, redirect: fresh.s3.redirect }
  return { ...fresh, bid, created, Renamed, backend_bck, extra, s3: kept }
}

/**
 * What S3 calls alone set of a bucket: members of `s3` as they are kept, empty for none; the others stay.
 * @throws AisError `ErrBadRequest` naming the field; `ErrForbidden` a lock would go, or versions would not be kept under one
 */
export function withS3Props(props: BucketProps, json: unknown): BucketProps {
  const s3 = mergeJson(s3PropsTable, props.s3, json, { what, readOnly: true })
  if (props.s3.object_lock !== undefined && s3.object_lock === undefined) {
    throw new AisError('ErrForbidden', `${what}: "object_lock" cannot be taken away`)
  }
  if (s3.object_lock !== undefined && s3.versioning !== 'Enabled') {
    throw new AisError('ErrForbidden', `${what}: "object_lock" needs versioning`)
  }
  return { ...props, s3 }
}

/** The job a change of properties calls for. */
export function jobOfPropsChange(
  before: BucketProps,
  after: BucketProps,
): 'make-n-copies' | 'ec-encode' | undefined {
  const copies = (props: BucketProps) => (props.mirror.enabled ? props.mirror.copies : 1)
  if (copies(before) !== copies(after)) return 'make-n-copies'
  if (after.ec.enabled && !before.ec.enabled) return 'ec-encode'
  return undefined
}

/** Dotted names of what differs. */
export function changedProps(before: BucketProps, after: BucketProps): string[] {
  return changedNames(propsTable, before, after)
}

function splitForce(json: unknown): { toSet: JsonObject; force: boolean } {
  if (!isJsonObject(json)) throw new AisError('ErrBadRequest', `${what}: expected an object`)
  let force = false
  const toSet: JsonObject = {}
  for (const [key, value] of Object.entries(json)) {
    if (key.toLowerCase() !== 'force') toSet[key] = value
    else if (typeof value === 'boolean') force = value
    else throw new AisError('ErrBadRequest', `${what}: "force": expected true or false`)
  }
  return { toSet, force }
}

/** Values that imply others, as upstream adjusts them. */
function settle(before: BucketProps, given: BucketProps, config: ClusterConfig): BucketProps {
  let { mirror, ec } = given
  const enabling = mirror.enabled && !before.mirror.enabled
  if (mirror.copies === 1) {
    mirror = enabling
      ? { ...mirror, copies: Math.max(config.mirror.copies, 2) }
      : { ...mirror, enabled: false }
  }
  if (ec.enabled) {
    ec = {
      ...ec,
      data_slices: Math.max(ec.data_slices, 1),
      parity_slices: Math.max(ec.parity_slices, 1),
    }
  }
  return { ...given, mirror, ec, features: given.features & bucketFeatureMask }
}

function must(holds: boolean, message: string, status = 400): void {
  if (!holds) throw new AisError('ErrBadRequest', message, { status })
}

function checkRules(before: BucketProps, next: BucketProps, changed: readonly string[]): void {
  const touches = (section: string) => changed.some((name) => name.startsWith(`${section}.`))
  checkRate(next.rate_limit)
  checkVersioning(next.versioning)
  checkBackend(next)
  must(
    before.provider === 'ais' || !changed.includes('versioning.enabled'),
    '"versioning.enabled" of a cloud bucket is read-only',
  )
  must(
    !(touches('mirror') && touches('ec')),
    '"mirror" and "ec" cannot be changed at the same time',
    409,
  )
  must(
    !(next.mirror.enabled && next.chunks.objsize_limit > 0),
    '"mirror.enabled" and "chunks.objsize_limit" cannot both be on: n-way mirroring and chunking exclude each other',
  )
  must(
    next.chunks.objsize_limit <= next.chunks.max_monolithic_size,
    '"chunks.objsize_limit" cannot be greater than "chunks.max_monolithic_size"',
  )
}

function checkBackend({ provider, backend_bck: backend }: BucketProps): void {
  if (backend.name === '' && backend.provider === '') return
  must(provider === 'ais', '"backend_bck": only ais:// buckets can have a remote backend')
  must(backend.provider !== '', '"backend_bck.provider" is empty')
  must(backend.name !== '', '"backend_bck.name" is empty')
  const canonical = findProvider(backend.provider)
  must(canonical !== undefined, `"backend_bck.provider": unknown provider "${backend.provider}"`)
  must(
    canonical !== 'ais' || backend.namespace.uuid !== '',
    `"backend_bck": backend bucket "ais://${backend.name}" must be remote`,
  )
  checkBucketName(backend.name)
}

function checkEc(before: BucketProps, next: BucketProps, targets: number, force: boolean): void {
  const { ec } = next
  if (!ec.enabled) {
    must(ec.data_slices > 0, '"ec.data_slices" must be at least 1')
    must(ec.parity_slices > 0, '"ec.parity_slices" must be at least 1')
    return
  }
  if (before.ec.enabled) {
    must(
      ec.data_slices === before.ec.data_slices && ec.parity_slices === before.ec.parity_slices,
      '"ec.data_slices" and "ec.parity_slices" cannot be changed once "ec.enabled" is on',
    )
    must(
      ec.objsize_limit === before.ec.objsize_limit || force,
      '"ec.objsize_limit" can be changed only with "force" once "ec.enabled" is on',
    )
    return
  }
  const needed =
    ec.objsize_limit === -1 ? ec.parity_slices + 1 : ec.data_slices + ec.parity_slices + 1
  must(
    targets >= needed || force,
    `erasure coding requires ${needed} targets for "ec.data_slices"=${ec.data_slices} and "ec.parity_slices"=${ec.parity_slices}, the cluster has ${targets}`,
  )
}
