import type { JsonValue } from '../model/json-value.ts'

/**
 * JSON with integers kept exact: one beyond 2^53 becomes a `bigint`, where `JSON.parse` would round
 * it. Node identities (`id_digest`) are such numbers.
 * @throws SyntaxError when the text is no JSON
 */
export function parseExactJson(text: string): JsonValue {
  const exact = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    const source = context?.source
    if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) {
      return value
    }
    return /^-?\d+$/.test(source) ? BigInt(source) : value
  }
  return JSON.parse(text, exact)
}
