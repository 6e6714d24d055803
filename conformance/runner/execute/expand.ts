import type { Matcher } from '../matching/matcher.ts'
import { isJsonObject, type JsonValue } from '../model/json-value.ts'

/** What the placeholders of a case stand for. */
export type Variables = ReadonlyMap<string, string>

/**
 * Replaces each `{name}` by its value.
 * @throws Error when a name stands for nothing: a slip in a case must not look like a server's fault
 */
export function expandText(text: string, variables: Variables): string {
  return text.replace(/\{([a-zA-Z][a-zA-Z0-9]*)\}/g, (_whole, name: string) => {
    const value = variables.get(name)
    if (value === undefined) throw new Error(`the case uses {${name}}, which stands for nothing`)
    return value
  })
}

/** The same in every text of a JSON value, keys included. */
export function expandJson(value: JsonValue, variables: Variables): JsonValue {
  if (typeof value === 'string') return expandText(value, variables)
  if (Array.isArray(value)) return value.map((item: JsonValue) => expandJson(item, variables))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      expandText(key, variables),
      expandJson(item, variables),
    ]),
  )
}

/** The same in every text of a matcher; a RegExp stays as it is. */
export function expandMatcher(matcher: Matcher, variables: Variables): Matcher {
  if (typeof matcher === 'string') return expandText(matcher, variables)
  if (matcher instanceof RegExp || typeof matcher !== 'object' || matcher === null) return matcher
  if (Array.isArray(matcher)) return matcher.map((item: Matcher) => expandMatcher(item, variables))
  return Object.fromEntries(
    Object.entries(matcher).map(([key, item]: [string, Matcher]) => [
      expandText(key, variables),
      expandMatcher(item, variables),
    ]),
  )
}
