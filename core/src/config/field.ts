import { z } from 'zod'
import { formatGoDuration, goDuration } from '../wire/go-duration.ts'
import { formatSizeIec, sizeIec } from '../wire/size-iec.ts'
import { u64String } from '../wire/strict.ts'
import { checkFeatures, parseFeatures } from './features.ts'

/**
 * One setting: its default, how it is read from JSON and from a query, how it is written.
 * In memory a duration is a `number` of milliseconds, a size a `number` of bytes, a mask a `bigint`.
 */
export interface Field<T> {
  readonly kind: 'field'
  readonly default: T
  /** What `toJson` makes of the default, where that is a scalar: who reads it has the default without the schema. */
  readonly defaultJson: unknown
  readonly schema: z.ZodType<T>
  /** The JSON value for what a query or command line says; `undefined` when it cannot be one. */
  fromText(text: string): unknown
  toJson(value: T): unknown
  /** Left out of the JSON when zero, false, empty or absent. */
  readonly omitEmpty: boolean
  /** A part with parts of its own: what a change leaves out stays as it is. */
  readonly merge: boolean
  /** Kept by the cluster itself; `set-config` may not name it. */
  readonly readOnly: boolean
}

interface Options<T> {
  /** A zero given means the default: upstream's "or zero for default". */
  readonly zeroIsDefault?: boolean
  readonly omitEmpty?: boolean
  readonly merge?: boolean
  readonly readOnly?: boolean
  readonly min?: number
  readonly max?: number
  /** Also allowed, outside the range. */
  readonly also?: readonly T[]
}

function build<T>(
  value: T,
  schema: z.ZodType<T>,
  fromText: (text: string) => unknown,
  toJson: (value: T) => unknown,
  options: Options<T>,
): Field<T> {
  const json = toJson(value)
  return {
    kind: 'field',
    default: value,
    defaultJson: typeof json === 'object' ? undefined : json,
    schema,
    fromText,
    toJson,
    omitEmpty: options.omitEmpty ?? false,
    merge: options.merge ?? false,
    readOnly: options.readOnly ?? false,
  }
}

function inRange(
  schema: z.ZodType<number>,
  value: number,
  show: (value: number) => string,
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, ...more }: Options<number>,
): z.ZodType<number> {
  const also = more.also ?? []
  const open = (bound: number) => (Number.isFinite(bound) ? show(bound) : '')
  const zero = more.zeroIsDefault ? ', or 0 for the default' : ''
  return schema
    .transform((given) => (given === 0 && more.zeroIsDefault ? value : given))
    .refine((given) => (given >= min && given <= max) || also.includes(given), {
      error: (issue) =>
        `invalid value ${show(Number(issue.input))} (expecting range [${open(min)}, ${open(max)}]${zero})`,
    })
}

const integer = z.int({ error: 'expected an integer' })
const findInteger = (text: string) => (/^-?[0-9]{1,15}$/.test(text) ? Number(text) : undefined)

export function int(value: number, options: Options<number> = {}): Field<number> {
  const schema = inRange(integer, value, String, options)
  return build(value, schema, findInteger, (n) => n, options)
}

/** Milliseconds in memory, a Go duration on the wire. */
export function duration(value: number, options: Options<number> = {}): Field<number> {
  const schema = inRange(goDuration, value, formatGoDuration, options)
  return build(value, schema, (text) => text, formatGoDuration, options)
}

/** Bytes in memory, `16MiB` on the wire. */
export function size(value: number, options: Options<number> = {}): Field<number> {
  const schema = inRange(sizeIec, value, formatSizeIec, options)
  return build(value, schema, (text) => text, formatSizeIec, options)
}

export function flag(value: boolean, options: Options<boolean> = {}): Field<boolean> {
  const fromText = (text: string) => {
    const known = text.toLowerCase()
    if (['true', 't', 'yes', 'y', 'on', '1'].includes(known)) return true
    return ['false', 'f', 'no', 'n', 'off', '0'].includes(known) ? false : undefined
  }
  const schema = z.boolean({ error: 'expected true or false' })
  return build(value, schema, fromText, (b) => b, options)
}

export function text(
  value: string,
  options: Options<string> & { check?: (text: string) => boolean } = {},
) {
  const schema = z
    .string({ error: 'expected a string' })
    .max(4_096)
    .refine(options.check ?? (() => true), 'invalid format')
  return build<string>(
    value,
    schema,
    (given) => given,
    (given) => given,
    options,
  )
}

/** One of a few words; `kind` names them in the refusal. */
export function choice<const T extends string>(
  value: T,
  among: readonly T[],
  kind = 'value',
): Field<T> {
  const schema = z.enum(among as readonly [T, ...T[]], {
    error: ({ input }) => `invalid ${kind} ${shown(input)} (expecting [${among.join(' ')}])`,
  })
  return build<T>(
    value,
    schema as z.ZodType<T>,
    (given) => given,
    (given) => given,
    {},
  )
}

function shown(input: unknown): string {
  return typeof input === 'string' ? JSON.stringify(input.slice(0, 64)) : `of type ${typeof input}`
}

export function texts(
  value: readonly string[],
  options: Options<readonly string[]> & { check?: (text: string) => boolean } = {},
) {
  const one = z
    .string()
    .max(256)
    .refine(options.check ?? (() => true), 'invalid format')
  const schema = z.array(one).max(256)
  const fromText = (given: string) => (given === '' ? [] : given.split(',').map((s) => s.trim()))
  return build<readonly string[]>(value, schema, fromText, (given) => given, options)
}

/** Feature flags: a decimal mask in a string; names are accepted from a command. */
export function features(): Field<bigint> {
  const schema = u64String.transform((mask, context) => {
    try {
      return checkFeatures(mask)
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : '' })
      return z.NEVER
    }
  })
  return build<bigint>(0n, schema, (given) => String(parseFeatures(given)), String, {})
}

/** A decimal uint64 in a string. */
export function mask(value: bigint): Field<bigint> {
  return build<bigint>(value, u64String, (given) => given, String, {})
}

/** A part with a schema of its own. */
export function custom<T>(
  value: T,
  schema: z.ZodType<T>,
  toJson: (value: T) => unknown,
  options: Options<T> = {},
): Field<T> {
  return build(value, schema, () => undefined, toJson, options)
}
