import { z } from 'zod'
import { AisError } from '../errors/ais-error.ts'
import { isJsonObject, type JsonObject } from './json.ts'

/**
 * Reads `value` as Go reads the `value` of an action message: keys in any case, `null` leaves a field at its
 * default, an unknown field is refused. `schema` is written with `z.strictObject` throughout.
 * @param what names the thing in the message: "bucket props", "list-objects message"
 * @throws AisError `ErrBadRequest` naming the field
 */
export function strict<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const result = schema.safeParse(foldKeys(schema, value))
  if (result.success) return result.data
  throw new AisError('ErrBadRequest', `failed to unmarshal ${what}: ${describeIssue(result.error)}`)
}

/** What is wrong first, an unknown field before others, with its path: `unknown field "ec.slices"`, `"ec.data_slices": expected number`. */
export function describeIssue(error: z.ZodError): string {
  const unknown = error.issues.find(({ code }) => code === 'unrecognized_keys')
  const issue = unknown ?? error.issues[0]
  if (issue === undefined) return 'invalid value'
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    return `unknown field "${[...path, issue.keys[0] ?? ''].join('.')}"`
  }
  return path.length === 0 ? issue.message : `"${path.join('.')}": ${issue.message}`
}

/**
 * `value` with the keys of every object spelled as its schema spells them. Fields that are `null` are
 * dropped where the schema has no use for `null`, as Go's decoder does.
 */
export function foldKeys(schema: z.ZodType, value: unknown): unknown {
  const inner = unwrapSchema(schema)
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    const element = inner.element
    return element instanceof z.ZodType ? value.map((item) => foldKeys(element, item)) : value
  }
  if (inner instanceof z.ZodRecord && isJsonObject(value)) {
    const valueType = inner.valueType
    if (!(valueType instanceof z.ZodType)) return value
    const out: Record<string, unknown> = Object.create(null)
    for (const [key, member] of Object.entries(value)) out[key] = foldKeys(valueType, member)
    return out
  }
  if (!(inner instanceof z.ZodObject) || !isJsonObject(value)) return value
  return foldObject(inner.shape, value)
}

function foldObject(shape: Readonly<Record<string, unknown>>, value: JsonObject): unknown {
  const spelling = new Map(Object.keys(shape).map((key) => [key.toLowerCase(), key]))
  const folded: Record<string, unknown> = Object.create(null)
  for (const [key, member] of Object.entries(value)) {
    const name = Object.hasOwn(shape, key) ? key : (spelling.get(key.toLowerCase()) ?? key)
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined
    if (!(field instanceof z.ZodType)) {
      folded[name] = member
      continue
    }
    if (member === null && !field.safeParse(null).success) continue
    folded[name] = foldKeys(field, member)
  }
  return folded
}

/** The schema inside `optional`, `nullable`, `default`, `readonly` and the input side of a transform. */
export function unwrapSchema(schema: z.ZodType): z.ZodType {
  let inner: unknown = schema
  for (;;) {
    if (inner instanceof z.ZodPipe) inner = inner.in
    else if (
      inner instanceof z.ZodOptional ||
      inner instanceof z.ZodNullable ||
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodReadonly
    ) {
      inner = inner.unwrap()
    } else return inner instanceof z.ZodType ? inner : schema
  }
}

/** An unsigned 64-bit number in a JSON string, as Go's `,string` writes it. A bare number is refused. */
export const u64String = z
  .string({ error: 'expected a decimal number in a string' })
  .regex(/^[0-9]{1,20}$/, 'expected a decimal number in a string')
  .transform((text) => BigInt(text))
  .refine((value) => value < 1n << 64n, 'does not fit in 64 bits')
