import { edgeReadHeader } from '@aistore-ts/core/edge/edge-read.ts'
import type { Answer, Call, HeaderBlock, HeaderLine } from '@aistore-ts/core/ports/call.ts'

/** A read of an object that its owner may be asked for, in whole or in part. */
export interface OwnersRead {
  /** GET, as it goes on. */
  readonly call: Call
  /** Cluster and bucket, by what neither ever shares with another. */
  readonly bucket: string
  readonly name: string
  /** What of the answer's lines the call decides, beside the headers below. */
  readonly variant: string
  /** `undefined`: nobody can be reached. */
  ask(call: Call): Promise<Answer | undefined>
}

/** Headers that decide which bytes of a version are sent, or whether any. */
const conditions: ReadonlySet<string> = new Set([
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
])

function blockOf(lines: readonly HeaderLine[]): HeaderBlock {
  const all = (wanted: string) => lines.flatMap(([name, value]) => (name === wanted ? [value] : []))
  return { get: (name) => all(name)[0], all, lines: () => lines }
}

function withLines(call: Call, method: string, lines: readonly HeaderLine[]): Call {
  const { target, body, network, remoteAddress, remotePort } = call
  return {
    ...{ method, target, headers: blockOf(lines), body, network, remoteAddress, remotePort },
    get signal() {
      return call.signal
    },
  }
}

const asking: HeaderLine = [edgeReadHeader, '1']
const isOwn = ([name]: HeaderLine) => name === edgeReadHeader

/** The same call, asking for the generation too; `HEAD`: for nothing but the lines. */
export function markedCall(call: Call, method: 'GET' | 'HEAD'): Call {
  const lines = call.headers.lines().filter((line) => !isOwn(line))
  return withLines(call, method, [...lines, asking])
}

/** GET of the bytes from `start` up to `end`, whatever they are now. */
export function rangeCall(call: Call, start: number, end: number): Call {
  const lines = call.headers
    .lines()
    .filter((line) => !isOwn(line) && line[0] !== 'range' && !conditions.has(line[0]))
  return withLines(call, 'GET', [...lines, asking, ['range', `bytes=${start}-${end - 1}`]])
}

/** Equal for calls that one look-up answers. */
export function variantOf({ call, variant }: OwnersRead): string {
  const lines = call.headers
    .lines()
    .filter(([name]) => name === 'range' || name.startsWith('x-amz-') || conditions.has(name))
  return JSON.stringify([variant, ...lines])
}
