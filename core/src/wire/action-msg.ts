import { AisError } from '../errors/ais-error.ts'
import { isJsonObject, type JsonValue, parseJsonBytes } from './json.ts'

/** The body of a control call. `value` is raw; each action reads it with `strict`. @see AIStore api/apc/actmsg.go */
export interface ActionMsg {
  readonly action: string
  readonly name: string
  readonly value: JsonValue
  /** Transaction ID, between nodes only. */
  readonly uuid: string
}

/**
 * Reads an action message: keys in any case, unknown ones ignored, absent texts empty, absent `value` null.
 * @throws AisError `ErrBadRequest` empty body, malformed JSON, not an object, a field of the wrong type
 */
export function parseActionMsg(bytes: Uint8Array): ActionMsg {
  if (bytes.length === 0) throw new AisError('ErrBadRequest', 'action message: empty body (EOF)')
  const body = parseJsonBytes(bytes)
  if (!isJsonObject(body)) {
    throw new AisError('ErrBadRequest', 'action message: expected a JSON object')
  }
  const fields = new Map<string, JsonValue>()
  for (const [key, member] of Object.entries(body)) fields.set(key.toLowerCase(), member)
  return {
    action: textField(fields, 'action'),
    name: textField(fields, 'name'),
    value: fields.get('value') ?? null,
    uuid: textField(fields, 'uuid'),
  }
}

function textField(fields: ReadonlyMap<string, JsonValue>, name: string): string {
  const value = fields.get(name) ?? ''
  if (typeof value === 'string') return value
  throw new AisError('ErrBadRequest', `action message: "${name}": expected a string`)
}
