import {
  type Bck,
  findProvider,
  globalNamespace,
  type Namespace,
} from '@aistore-ts/core/bucket/bck.ts'
import { AisClientError } from '../errors/ais-client-error.ts'

/** A parsed `ais://@uuid#ns/bucket/object`; `objectName` empty for a bucket, `bck.name` empty for a provider. */
export interface BckUri {
  readonly bck: Bck
  readonly objectName: string
  /** Was a provider written, as opposed to assumed? */
  readonly explicitProvider: boolean
}

const bucketNamePattern = /^[A-Za-z0-9._-]+$/
const bucketNameCharsMax = 64

/**
 * Reads a bucket or object URI; without `scheme://` the provider is `defaultProvider`.
 * @throws AisClientError naming what is wrong
 * @see AIStore cmn/bck.go (ParseBckObjectURI)
 */
export function parseBckUri(text: string, defaultProvider = 'ais'): BckUri {
  const at = text.indexOf('://')
  const scheme = at < 0 ? defaultProvider : text.slice(0, at)
  const provider = findProvider(scheme)
  if (provider === undefined) {
    throw invalid(`invalid backend provider "${scheme}" in "${text}"`)
  }
  let rest = at < 0 ? text : text.slice(at + 3)
  let namespace: Namespace = globalNamespace
  if (rest.startsWith('@') || rest.startsWith('#')) {
    const slash = rest.indexOf('/')
    namespace = parseNamespace(slash < 0 ? rest : rest.slice(0, slash))
    rest = slash < 0 ? '' : rest.slice(slash + 1)
  }
  const slash = rest.indexOf('/')
  const name = slash < 0 ? rest : rest.slice(0, slash)
  const objectName = slash < 0 ? '' : rest.slice(slash + 1)
  return { bck: { name, provider, namespace }, objectName, explicitProvider: at >= 0 }
}

/** @throws AisClientError when a bucket cannot be called so */
export function checkBucketName(name: string, shown: string): void {
  if (name === '') throw invalid(`"${shown}": missing bucket name`)
  if (name.length > bucketNameCharsMax) {
    throw invalid(
      `bucket name in "${shown}" is too long (maximum ${bucketNameCharsMax} characters)`,
    )
  }
  if (!bucketNamePattern.test(name) || name.includes('..')) {
    throw invalid(
      `bucket name in "${shown}" is invalid: may only contain letters, numbers, dashes (-), underscores (_), and dots (.)`,
    )
  }
}

/** `@uuid#name`, either part may be missing. */
export function parseNamespace(text: string): Namespace {
  const hash = text.indexOf('#')
  const uuid = (hash < 0 ? text : text.slice(0, hash)).replace(/^@/, '')
  return { uuid, name: hash < 0 ? '' : text.slice(hash + 1) }
}

function invalid(message: string): AisClientError {
  return new AisClientError({ status: 0, tcode: '', message })
}
