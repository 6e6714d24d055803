import { expect, it } from 'vitest'
import { parseJson, stringifyJson } from '../../wire/json.ts'
import { stateToJson } from './cluster-state.ts'
import {
  keepaliveAnswerToJson,
  metasyncText,
  metasyncToJson,
  parseKeepaliveAnswer,
  parseMetasync,
  parseVoteAnswer,
} from './control-wire.ts'
import { createDocumentTexts } from './document-texts.ts'
import type { MetasyncMsg } from './follow.ts'
import { mapOf, stateOf } from './testing/states.ts'

const state = stateOf(3, 7, mapOf('p1 p2 t1'))
const message: MetasyncMsg = {
  uuid: 'u',
  primaryId: 'p1',
  term: 3,
  stamp: state.stamp,
  base: { term: 0, index: 0 },
  documents: state,
  inForce: state.stamp,
  committed: true,
}
/** As it arrives. */
const sent = (json: Record<string, unknown>) => Object(parseJson(stringifyJson(json)))
const newer = { format: 3 }
const why = 'metadata format 3 is newer than this node, which knows 2'

it('reads what it wrote, and what did not say its format yet', () => {
  const json = sent(metasyncToJson(message))
  expect(parseMetasync(json).stamp).toEqual(state.stamp)
  expect(parseMetasync({ ...json, format: undefined }).stamp).toEqual(state.stamp)
})

it('writes the same text, whatever was written before', () => {
  const textsOf = createDocumentTexts()
  const other = { ...message, documents: { smap: state.smap } }
  for (const each of [message, other, message]) {
    expect(parseJson(metasyncText(each, textsOf))).toEqual(sent(metasyncToJson(each)))
  }
})

it('refuses documents of a newer format, by whatever way they come', () => {
  const metasync = { ...metasyncToJson(message), ...newer }
  expect(() => parseMetasync(metasync)).toThrow(why)
  const answer = keepaliveAnswerToJson({ term: 3, fromPrimary: true, newer: message })
  expect(() => parseKeepaliveAnswer({ ...answer, newer: metasync })).toThrow(why)
  const held = { committed: { ...stateToJson(state), ...newer } }
  expect(() => parseVoteAnswer({ term: 3, yes: false, reason: '', held })).toThrow(why)
})
