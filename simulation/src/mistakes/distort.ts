import type { ControlState } from '@aistore-ts/core/cluster/control/control-state.ts'
import {
  isJsonObject,
  type JsonObject,
  parseJsonBytes,
  stringifyJson,
} from '@aistore-ts/core/wire/json.ts'
import type { Distortion } from '../network.ts'

export interface JsonDistortion {
  /** Path of the calls that are misunderstood. */
  readonly path: string
  /** What the receiver takes `message` for. */
  request?(message: JsonObject, receiver: ControlState): Record<string, unknown>
  /** What it says in the place of `answer`. */
  response?(answer: JsonObject, message: JsonObject): Record<string, unknown>
}

/** Makes every node misread the JSON of some calls. */
export function distort({ path, request, response }: JsonDistortion): Distortion {
  const applies = (target: string) => target.split('?')[0] === path
  const change = (bytes: Uint8Array, by: (json: JsonObject) => unknown): Uint8Array => {
    if (bytes.length === 0) return bytes
    const json = parseJsonBytes(bytes)
    return isJsonObject(json) ? new TextEncoder().encode(stringifyJson(by(json))) : bytes
  }
  return {
    request(message, receiver) {
      if (!applies(message.target) || message.method !== 'PUT' || !request) return message
      return { ...message, body: change(message.body, (json) => request(json, receiver)) }
    },
    response(answer, original) {
      if (!applies(original.target) || original.method !== 'PUT' || !response) return answer
      const message = parseJsonBytes(original.body)
      if (!isJsonObject(message) || answer.status !== 200) return answer
      return { ...answer, body: change(answer.body, (json) => response(json, message)) }
    },
  }
}
