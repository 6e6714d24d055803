import { createHash } from 'node:crypto'
import { toHex } from '../../../algorithms/hex.ts'
import { utf8Encode } from '../../../algorithms/utf8.ts'
import type { Hasher } from '../../../ports/platform.ts'
import type { ChunkSigning } from '../payload-rule.ts'
import { testCrypto } from './node-crypto.ts'

export const createSha256 = (): Hasher => {
  const hash = createHash('sha256')
  return { update: (chunk) => void hash.update(chunk), digestHex: () => hash.digest('hex') }
}

function join(parts: readonly (Uint8Array | string)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))))
}

export interface EncodedBody {
  readonly chunks: readonly Uint8Array[]
  readonly trailers: readonly (readonly [name: string, value: string])[]
  /** Absent: nothing is signed. */
  readonly signing?: ChunkSigning | undefined
  /** Header lines and their signature follow. */
  readonly trailer: boolean
}

/** Frames a body as the protocol's description has it, written independently of the decoder. */
export function encodeChunked({ chunks, trailers, signing, trailer }: EncodedBody): Uint8Array {
  let previous = signing?.seed ?? ''
  const sign = (kind: string, content: string): string => {
    if (signing === undefined) return ''
    const { amzDate, scope, signingKey } = signing
    const text = [`AWS4-HMAC-SHA256-${kind}`, amzDate, scope, previous, content].join('\n')
    previous = toHex(testCrypto.hmacSha256(signingKey, text))
    return previous
  }
  const head = (chunk: Uint8Array): string => {
    const size = chunk.length.toString(16)
    if (signing === undefined) return `${size}\r\n`
    const content = `${testCrypto.sha256Hex('')}\n${testCrypto.sha256Hex(chunk)}`
    return `${size};chunk-signature=${sign('PAYLOAD', content)}\r\n`
  }
  const parts: (Uint8Array | string)[] = []
  for (const chunk of chunks) parts.push(head(chunk), chunk, '\r\n')
  parts.push(head(new Uint8Array(0)))
  for (const [name, value] of trailers) parts.push(`${name}:${value}\r\n`)
  if (trailer && signing !== undefined) {
    const lines = trailers.map(([name, value]) => `${name}:${value}\n`).join('')
    parts.push(
      `x-amz-trailer-signature:${sign('TRAILER', testCrypto.sha256Hex(utf8Encode(lines)))}\r\n`,
    )
  }
  parts.push('\r\n')
  return join(parts)
}
