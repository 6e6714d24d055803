import { isAlphaNice } from '../algorithms/short-id.ts'
import { limits } from '../config/limits.ts'
import { AisError } from '../errors/ais-error.ts'
import {
  type Bck,
  bckCname,
  findProvider,
  globalNamespace,
  type Namespace,
  providers,
} from './bck.ts'

const onlyPlus = 'may only contain letters, numbers, dashes (-), underscores (_), and dots (.)'

/** Buckets of the cluster itself: hidden in listings, ADMIN only. @see AIStore cmn/bck.go */
export const systemBuckets: readonly string[] = ['.sys-inventory', '.sys-shardidx']

export function isSystemBucket(name: string): boolean {
  return systemBuckets.includes(name)
}

/** Letters, digits, `-`, `_` and single dots. @throws AisError `ErrBadRequest`, in upstream's words */
function checkAlphaPlus(text: string, tag: string): void {
  const max = limits.bucketNameLengthMax
  if (text.length > max) {
    throw new AisError('ErrBadRequest', `${tag} is too long: ${text.length} > ${max}(max length)`)
  }
  if (!/^[A-Za-z0-9._-]*$/.test(text) || text.includes('..')) {
    throw new AisError('ErrBadRequest', `${tag} is invalid: ${onlyPlus}`)
  }
}

/**
 * 1 to 64 characters `[A-Za-z0-9._-]`, no `..`, a leading dot for system buckets only. `__proto__` is reserved:
 * it cannot be a key of the JSON that carries bucket metadata.
 * @throws AisError `ErrBadRequest`
 */
export function checkBucketName(name: string): void {
  if (name === '') throw new AisError('ErrBadRequest', 'bucket name is missing')
  if (name.startsWith('.')) {
    if (isSystemBucket(name)) return
    throw new AisError('ErrBadRequest', `reserved bucket name "${name}" (unknown system bucket)`)
  }
  checkAlphaPlus(name, 'bucket name')
  if (name === '__proto__') throw new AisError('ErrBadRequest', `reserved bucket name "${name}"`)
}

/** @throws AisError `ErrBadRequest` a uuid or name over 32 characters or with other than `[A-Za-z0-9_-]` */
export function checkNamespace({ uuid, name }: Namespace): void {
  const max = limits.namespaceLengthMax
  const fits = name.length <= max && /^[A-Za-z0-9_-]*$/.test(name)
  if (fits && isAlphaNice(uuid)) return
  throw new AisError(
    'ErrBadRequest',
    `bucket namespace (uuid: "${uuid}", name: "${name}") must be at most ${max} characters and may only contain letters, numbers, dashes (-), underscores (_)`,
  )
}

/** `@uuid#name`, `@uuid`, `#name`, or empty for the global one. Unchecked. */
export function parseNamespace(text: string): Namespace {
  const bare = text.startsWith('@') ? text.slice(1) : text
  const mark = bare.indexOf('#')
  if (mark < 0) return bare === '' ? globalNamespace : { uuid: bare, name: '' }
  return { uuid: bare.slice(0, mark), name: bare.slice(mark + 1) }
}

/**
 * The bucket that a path and a query name, checked.
 * @param provider canonical or an alias; empty means `ais`
 * @throws AisError `ErrBadRequest`, `ErrInvalidBackendProvider`
 */
export function parseBck(name: string, provider: string, namespace: string): Bck {
  const canonical = findProvider(provider)
  if (canonical === undefined) {
    throw new AisError(
      'ErrInvalidBackendProvider',
      `invalid backend provider "${provider}" for bucket ${name}: must be one of [${providers.join(' ')}]`,
    )
  }
  const bck: Bck = { name, provider: canonical, namespace: parseNamespace(namespace) }
  checkBck(bck)
  return bck
}

/** @throws AisError `ErrBadRequest` */
export function checkBck(bck: Bck): void {
  checkBucketName(bck.name)
  checkNamespace(bck.namespace)
}

/**
 * A canonical object name (`ais/@#/b/dir/o`) taken apart; `undefined` when it is none. The bucket is checked,
 * the object's name is not.
 * @throws AisError as `parseBck`
 */
export function parseObjectUname(uname: string): { bck: Bck; name: string } | undefined {
  const match = /^([^/]+)\/(@[^/]*)\/([^/]+)\/(.*)$/s.exec(uname)
  if (match === null) return undefined
  const [, provider = '', namespace = '', bucket = '', name = ''] = match
  return { bck: parseBck(bucket, provider, namespace), name }
}

/**
 * A canonical bucket name, with or without its closing slash.
 * @throws AisError `ErrBadRequest` also when an object's name follows
 */
export function parseBckUname(uname: string): Bck {
  const parsed = parseObjectUname(uname.endsWith('/') ? uname : `${uname}/`)
  if (parsed === undefined || parsed.name !== '') {
    throw new AisError(
      'ErrBadRequest',
      `invalid bucket "${uname}": expecting provider/@uuid#ns/name/`,
    )
  }
  return parsed.bck
}

/** The missing bucket, in the words clients parse. */
export function bucketNotFound(bck: Bck): AisError {
  const name = bckCname(bck)
  if (bck.provider === 'ais' && bck.namespace.uuid === '') {
    return new AisError('ErrBckNotFound', `bucket "${name}" does not exist`)
  }
  if (bck.provider === 'ais') {
    return new AisError(
      'ErrRemoteBckNotFound',
      `remote bucket "${name}" does not exist: remote cluster "${bck.namespace.uuid}" is not attached`,
    )
  }
  return new AisError('ErrRemoteBckNotFound', `${bck.provider} bucket "${name}" does not exist`)
}
