import { utf8Length } from '../algorithms/utf8.ts'
import { limits } from '../config/limits.ts'
import { AisError } from '../errors/ais-error.ts'
import { isLockKey } from '../s3/lock/object-lock.ts'
import { isJsonObject, isWellFormed } from '../wire/json.ts'

/** Custom metadata: pairs in the order they were given, each key once. */
export type CustomMd = readonly (readonly [key: string, value: string])[]

// Reserved by upstream's on-disk format, which separates with the bytes 01 and e3 2f bd; the latter are no
// valid UTF-8, so text cannot hold them.
const reserved = '\x01'

/**
 * The `Ais-Custom-Md` lines of a request: one `key=value` each, split at the first `=`. A key given twice has
 * its last value.
 * @throws AisError `ErrBadRequest` a line without `=`, an empty key, a reserved character, more than 2 KiB
 */
export function parseCustomMd(lines: readonly string[]): CustomMd {
  const pairs = new Map<string, string>()
  for (const line of lines) {
    const mark = line.indexOf('=')
    if (mark < 0) {
      const shown = line.slice(0, 128)
      throw new AisError(
        'ErrBadRequest',
        `custom metadata: invalid format "${shown}" (expecting key=value)`,
      )
    }
    pairs.set(line.slice(0, mark), line.slice(mark + 1))
  }
  const custom = [...pairs]
  checkNoLock(custom)
  checkCustomMd(custom)
  return custom
}

/** The `value` of a PATCH: an object of strings. @throws AisError `ErrBadRequest` as `parseCustomMd` */
export function parseCustomMap(value: unknown): CustomMd {
  if (value === null) return []
  if (!isJsonObject(value)) {
    throw new AisError('ErrBadRequest', 'custom metadata: expected an object of strings')
  }
  const custom: [string, string][] = []
  for (const [key, member] of Object.entries(value)) {
    if (typeof member !== 'string') {
      throw new AisError('ErrBadRequest', `custom metadata: "${key}": expected a string`)
    }
    custom.push([key, member])
  }
  checkNoLock(custom)
  checkCustomMd(custom)
  return custom
}

/** @throws AisError `ErrBadRequest` a lock is set by S3 calls alone */
function checkNoLock(custom: CustomMd): void {
  const lock = custom.find(([key]) => isLockKey(key.toLowerCase()))
  if (lock === undefined) return
  throw new AisError('ErrBadRequest', `custom metadata: key "${lock[0]}" is reserved`)
}

/** @throws AisError `ErrBadRequest` naming the key, or the size when the pairs together are over 2 KiB */
export function checkCustomMd(custom: CustomMd): void {
  let size = 0
  for (const [key, value] of custom) {
    if (key === '') {
      throw new AisError(
        'ErrBadRequest',
        `custom metadata: empty key (value="${value.slice(0, 64)}")`,
      )
    }
    const pair = key + value
    // A line break would make two header lines of one.
    if (pair.includes(reserved) || /[\0\r\n]/.test(pair) || !isWellFormed(pair)) {
      throw new AisError(
        'ErrBadRequest',
        `custom metadata '"${key.slice(0, 64)}"': key or value contains reserved symbol`,
      )
    }
    if (key.includes('=')) {
      throw new AisError('ErrBadRequest', `custom metadata: key "${key}" must not contain "="`)
    }
    size += utf8Length(pair)
  }
  const max = limits.customMdBytesMax
  if (size > max) {
    throw new AisError(
      'ErrBadRequest',
      `custom metadata: total size ${size} exceeds max ${max} bytes`,
    )
  }
}
