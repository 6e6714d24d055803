import { AisError } from '../errors/ais-error.ts'
import { isJsonObject } from '../wire/json.ts'
import { describeIssue, foldKeys } from '../wire/strict.ts'
import type { Field } from './field.ts'

/** A tree of settings, in the order of the wire. */
export interface Section {
  readonly [name: string]: Field<unknown> | Section
}

/** The values of a tree. */
export type Values<S> = {
  readonly [K in keyof S]: S[K] extends Field<infer T> ? T : Values<S[K]>
}

/** A leaf, as opposed to a section. */
export function isField(node: Field<unknown> | Section | undefined): node is Field<unknown> {
  return node?.kind === 'field'
}

/** Something with members. */
export function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function memberOf(tree: unknown, name: string): unknown {
  return isTree(tree) && Object.hasOwn(tree, name) ? tree[name] : undefined
}

/** Every default of the tree. */
export function defaultsOf<S extends Section>(section: S): Values<S> {
  const out: Record<string, unknown> = {}
  for (const [name, node] of Object.entries(section)) {
    out[name] = isField(node) ? node.default : defaultsOf(node)
  }
  const values: unknown = out
  return values as Values<S>
}

/**
 * `base` with what `json` says of it: partial, keys in any case, `null` leaves a field as it is.
 * @param readOnly whether fields the cluster keeps itself may be named
 * @throws AisError `ErrBadRequest` naming the first unknown, read-only or invalid field by its dotted name
 */
export function mergeJson<S extends Section>(
  section: S,
  base: Values<S>,
  json: unknown,
  options: { readonly what: string; readonly readOnly: boolean },
): Values<S> {
  const values = mergeTree(section, base, json, [], options)
  return values as Values<S>
}

/** JSON of settings by their dotted names. */
export type NamedValues = ReadonlyMap<string, unknown>

/**
 * Every setting that partial `json` names, keys in any case, `null` naming nothing.
 * @throws AisError `ErrBadRequest` naming the first unknown field
 */
export function namedValues(section: Section, json: unknown, what: string): NamedValues {
  return new Map(namesIn(section, json, [], what))
}

function* namesIn(
  section: Section,
  json: unknown,
  path: readonly string[],
  what: string,
): Generator<readonly [name: string, value: unknown]> {
  if (!isJsonObject(json)) throw refuse(what, path, 'expected an object')
  for (const [key, value] of Object.entries(json)) {
    const name = nameIn(section, key)
    const node = name === undefined ? undefined : section[name]
    if (name === undefined || node === undefined) throw unknownField(what, [...path, key])
    if (value === null) continue
    const here = [...path, name]
    if (isField(node)) yield [here.join('.'), value]
    else yield* namesIn(node, value, here, what)
  }
}

/** The tree that dotted names stand for. */
export function nestNames(values: NamedValues): unknown {
  let json: unknown = {}
  for (const [name, value] of values) {
    const nested = name.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)
    json = overlay(json, nested)
  }
  return json
}

/** How the section spells `key`, which may be in any case. */
function nameIn(section: Section, key: string): string | undefined {
  if (Object.hasOwn(section, key)) return key
  return Object.keys(section).find((name) => name.toLowerCase() === key.toLowerCase())
}

function mergeTree(
  section: Section,
  base: unknown,
  json: unknown,
  path: readonly string[],
  options: { readonly what: string; readonly readOnly: boolean },
): unknown {
  if (!isJsonObject(json)) throw refuse(options.what, path, 'expected an object')
  const out: Record<string, unknown> = isTree(base) ? { ...base } : {}
  for (const [key, value] of Object.entries(json)) {
    const name = nameIn(section, key)
    const node = name === undefined ? undefined : section[name]
    if (name === undefined || node === undefined) throw unknownField(options.what, [...path, key])
    if (value === null) continue
    if (!isField(node)) {
      out[name] = mergeTree(node, out[name], value, [...path, name], options)
      continue
    }
    const isReadOnly = node.readOnly && !options.readOnly
    if (value !== undefined && value === node.defaultJson && !isReadOnly) {
      out[name] = node.default
      continue
    }
    const here = [...path, name]
    if (isReadOnly) throw refuse(options.what, here, 'is read-only')
    const folded = foldKeys(node.schema, value)
    const whole = node.merge ? overlay(node.toJson(out[name]), folded) : folded
    const result = node.schema.safeParse(whole)
    if (!result.success) throw refuse(options.what, here, describeIssue(result.error))
    out[name] = result.data
  }
  return out
}

/** `given` over `base`: members of objects one by one, everything else as a whole. */
export function overlay(base: unknown, given: unknown): unknown {
  if (given === undefined) return base
  if (!isJsonObject(base) || !isJsonObject(given)) return given
  const out: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(base), ...Object.keys(given)])) {
    const member = overlay(base[key], given[key])
    if (member !== undefined) out[key] = member
  }
  return out
}

function unknownField(what: string, path: readonly string[]): AisError {
  return new AisError('ErrBadRequest', `${what}: unknown field "${path.join('.')}"`)
}

function refuse(what: string, path: readonly string[], why: string): AisError {
  const name = path.length === 0 ? '' : ` "${path.join('.')}":`
  return new AisError('ErrBadRequest', `${what}:${name} ${why}`)
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === false || value === '') return true
  if (value === 0 || value === 0n) return true
  return Array.isArray(value) && value.length === 0
}

function jsonOf(field: Field<unknown>, value: unknown): unknown {
  const { default: usual, defaultJson } = field
  return value === usual && defaultJson !== undefined ? defaultJson : field.toJson(value)
}

/** Wire shape, in the order of the tree. A section all of whose fields may be left out, and are, is left out itself. */
export function treeToJson(section: Section, values: unknown): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, node] of Object.entries(section)) {
    const value = memberOf(values, name)
    if (!isField(node)) {
      const inner = treeToJson(node, value)
      const optional = Object.values(node).every((field) => isField(field) && field.omitEmpty)
      if (!optional || Object.keys(inner).length > 0) out[name] = inner
    } else if (!node.omitEmpty || !isEmpty(value)) out[name] = jsonOf(node, value)
  }
  return out
}

/** Dotted names of the fields whose JSON differs between two trees of values. */
export function changedNames(section: Section, before: unknown, after: unknown): string[] {
  const names: string[] = []
  for (const [name, node] of Object.entries(section)) {
    const a = memberOf(before, name)
    const b = memberOf(after, name)
    if (!isField(node)) {
      names.push(...changedNames(node, a, b).map((inner) => `${name}.${inner}`))
    } else if (a !== b && JSON.stringify(node.toJson(a)) !== JSON.stringify(node.toJson(b))) {
      names.push(name)
    }
  }
  return names
}
