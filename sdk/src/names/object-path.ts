import { AisClientError } from '../errors/ais-client-error.ts'

/**
 * The path of an object below `/v1/`: each part of the name percent-encoded, slashes kept.
 * @throws AisClientError for a name that no server can store: empty, lone surrogates, dot segments
 */
export function objectPath(bucket: string, name: string): string {
  return `objects/${encodeURIComponent(bucket)}/${encodeName(name)}`
}

export function bucketPath(bucket: string): string {
  return `buckets/${encodeURIComponent(bucket)}`
}

function encodeName(name: string): string {
  if (name === '') throw invalidName(name, 'it is empty')
  // A surrogate outside a pair; `\p{Surrogate}` sees no others.
  if (/\p{Surrogate}/u.test(name)) throw invalidName(name, 'it is not valid Unicode')
  const parts = name.split('/')
  // URL parsers fold these away, so that the call would reach another object.
  if (parts.some((part) => part === '.' || part === '..')) {
    throw invalidName(name, 'it has a "." or ".." component')
  }
  return parts.map(encodeURIComponent).join('/')
}

function invalidName(name: string, why: string): AisClientError {
  const message = `invalid object name ${JSON.stringify(name)}: ${why}`
  return new AisClientError({ status: 0, tcode: '', message })
}
