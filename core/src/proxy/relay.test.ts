import { describe, expect, it } from 'vitest'
import type { Body, HeaderBlock } from '../ports/call.ts'
import { canRepeatBody } from './relay.ts'

function headersOf(lines: Readonly<Record<string, string>>): HeaderBlock {
  return {
    get: (name) => lines[name],
    all: (name) => (lines[name] === undefined ? [] : [lines[name]]),
    lines: () => Object.entries(lines),
  }
}

function bodyOf(lengthBytes: number | undefined): Body {
  return { lengthBytes, consume: () => Promise.resolve(), async *[Symbol.asyncIterator]() {} }
}

describe('a PUT can follow a redirect', () => {
  it.each([
    ['with a length', 10, {}, true],
    ['that waits to be asked', undefined, { expect: '100-continue' }, true],
    ['of a pipe', undefined, { 'user-agent': 'curl/8.5.0' }, false],
    ['of a client without a name', undefined, {}, false],
    ['of the load generator', undefined, { 'user-agent': 'aisloader' }, true],
    ['of the CLI', undefined, { 'user-agent': 'ais/cli' }, true],
    ['of the Go library', undefined, { 'user-agent': 'Go-http-client/1.1' }, true],
    ['of a client that only mentions it', undefined, { 'user-agent': 'not-aisloader' }, false],
  ])('%s', (_, lengthBytes, lines, can) => {
    expect(canRepeatBody({ body: bodyOf(lengthBytes), headers: headersOf(lines) })).toBe(can)
  })
})
