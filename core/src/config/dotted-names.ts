import { z } from 'zod'
import { AisError } from '../errors/ais-error.ts'
import { unwrapSchema } from '../wire/strict.ts'
import { isField, isTree, overlay, type Section } from './section.ts'

/**
 * `[dotted name, text]` pairs as the JSON `mergeJson` reads.
 * @throws AisError `ErrBadRequest` unknown name, a name that is a section, a text that cannot be its value
 */
export function jsonFromNames(
  section: Section,
  pairs: readonly (readonly [name: string, text: string])[],
  what: string,
): Record<string, unknown> {
  let json: unknown = {}
  for (const [dotted, given] of pairs) {
    json = overlay(json, jsonFromName(section, dotted.split('.'), given, `${what}: "${dotted}"`))
  }
  return isTree(json) ? json : {}
}

function jsonFromName(
  section: Section,
  path: readonly string[],
  given: string,
  what: string,
): Record<string, unknown> {
  const [part = '', ...rest] = path
  const name = Object.keys(section).find((key) => key.toLowerCase() === part.toLowerCase())
  const node = name === undefined ? undefined : section[name]
  if (name === undefined || node === undefined) {
    throw new AisError('ErrBadRequest', `${what}: unknown field`)
  }
  if (!isField(node)) {
    if (rest.length > 0) return { [name]: jsonFromName(node, rest, given, what) }
    throw new AisError('ErrBadRequest', `${what} is a section, not a field`)
  }
  const value = rest.length === 0 ? node.fromText(given) : jsonAtPath(node.schema, rest, given)
  if (value !== undefined) return { [name]: value }
  const known = rest.length === 0 || node.merge
  throw new AisError(
    'ErrBadRequest',
    `${what}: ${known ? `invalid value "${given}"` : 'unknown field'}`,
  )
}

/** JSON of `given` for the leaf of a schema that `path` leads to; `undefined` when it leads nowhere. */
function jsonAtPath(schema: z.ZodType, path: readonly string[], given: string): unknown {
  const inner = unwrapSchema(schema)
  const [part, ...rest] = path
  if (part !== undefined) {
    if (!(inner instanceof z.ZodObject)) return undefined
    const shape: Readonly<Record<string, unknown>> = inner.shape
    const name = Object.keys(shape).find((key) => key.toLowerCase() === part.toLowerCase())
    const member = name === undefined ? undefined : shape[name]
    if (name === undefined || !(member instanceof z.ZodType)) return undefined
    const value = jsonAtPath(member, rest, given)
    return value === undefined ? undefined : { [name]: value }
  }
  if (inner instanceof z.ZodObject) return undefined
  if (inner instanceof z.ZodArray) return given === '' ? [] : given.split(',').map((s) => s.trim())
  if (!(inner instanceof z.ZodBoolean)) return given
  return given === 'true' ? true : given === 'false' ? false : undefined
}
