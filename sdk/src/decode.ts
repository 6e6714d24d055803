import { parseJson as parseExactJson } from '@aistore-ts/core/wire/json.ts'
import { AisClientError } from './errors/ais-client-error.ts'
import { type HttpResponse, readText } from './transport/http-transport.ts'

/** Plain object, as JSON and msgpack give it. */
export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Integers beyond 2^53 become `bigint`. @throws AisClientError when the text is no JSON */
export function parseJson(text: string, what: string): unknown {
  try {
    return parseExactJson(text)
  } catch (cause) {
    throw undecodable(what, cause)
  }
}

/** @throws AisClientError when the answer is no JSON object */
export async function readFields(response: HttpResponse, what: string): Promise<Fields> {
  const value = parseJson(await readText(response), what)
  if (isFields(value)) return value
  throw undecodable(what)
}

export function undecodable(what: string, cause?: unknown): AisClientError {
  const message = `the server's answer to "${what}" cannot be understood`
  return new AisClientError({ status: 0, tcode: '', message }, cause)
}

/** A field as text; numbers are spelled out, anything else is empty. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : ''
}

/** A field as a number; AIStore writes 64-bit numbers as text. 0 when it is none. */
export function numberOf(value: unknown): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  if (typeof number === 'bigint') return Number(number)
  return typeof number === 'number' && Number.isFinite(number) ? number : 0
}
