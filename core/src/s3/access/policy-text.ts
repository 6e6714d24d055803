import type { JsonValue } from '../../wire/json.ts'
import type { S3Error } from '../s3-error.ts'

/** Makes the error of a place in a policy. */
export type MalformedAt = (why: string) => S3Error

function textOf(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** One text or a list of texts, as policies take both; `undefined` when it is neither. */
export function textsOf(value: JsonValue): readonly string[] | undefined {
  const texts = (Array.isArray(value) ? value : [value]).map(textOf)
  return texts.every((text) => text !== undefined) ? texts : undefined
}
