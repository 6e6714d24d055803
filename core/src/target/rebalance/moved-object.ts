import { z } from 'zod'
import { utf8Encode } from '../../algorithms/utf8.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checksumTypes } from '../../object/checksum.ts'
import type { ObjectMeta, OpenObject } from '../../ports/mountpath.ts'
import { parseJsonBytes, stringifyJson } from '../../wire/json.ts'
import { describeIssue } from '../../wire/strict.ts'

/** An object on its way to the target that owns it: everything its row says, and which rebalance moves it. */
export interface MovedObject {
  /** RMD version; the receiver refuses an older one than it knows. */
  readonly rebalance: number
  /** Bucket uname and ID. */
  readonly bucket: string
  readonly bid: string
  readonly meta: ObjectMeta
}

const checksum = z.object({ type: z.enum(checksumTypes), value: z.string() })
const nanoseconds = z
  .string()
  .regex(/^-?\d{1,20}$/)
  .transform(BigInt)

const schema = z.object({
  rebalance: z.int().nonnegative(),
  bucket: z.string(),
  bid: z.string(),
  name: z.string(),
  size: z.int().nonnegative(),
  checksum,
  version: z.string(),
  atime: nanoseconds,
  mtime: nanoseconds,
  custom: z.array(z.tuple([z.string(), z.string()])),
  generation: z.string().regex(/^[0-9a-f]{32}$/),
  chunks: z
    .array(
      z.object({ part: z.int().positive(), size: z.int().positive(), checksum, md5: z.string() }),
    )
    .optional(),
})

/** Longest description of an object before its content, bytes. */
const headBytesMax = 4 << 20
const lengthBytes = 4

function headOf(object: MovedObject): Uint8Array {
  const { meta } = object
  const json = utf8Encode(
    stringifyJson({
      rebalance: object.rebalance,
      bucket: object.bucket,
      bid: object.bid,
      name: meta.name,
      size: meta.sizeBytes,
      checksum: meta.checksum,
      version: meta.version,
      atime: String(meta.atimeNs),
      mtime: String(meta.mtimeNs),
      custom: meta.custom,
      generation: meta.generation,
      chunks: meta.chunks?.map(({ partNumber, sizeBytes, checksum: own, md5 }) => {
        return { part: partNumber, size: sizeBytes, checksum: own, md5 }
      }),
    }),
  )
  const head = new Uint8Array(lengthBytes + json.byteLength)
  new DataView(head.buffer).setUint32(0, json.byteLength)
  head.set(json, lengthBytes)
  return head
}

/** The object as one body: length of the description (uint32, big endian), description (JSON), content. */
export function encodeMoved(
  object: MovedObject,
  open: OpenObject,
): { readonly chunks: AsyncIterable<Uint8Array>; readonly lengthBytes: number } {
  const head = headOf(object)
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield head
    yield* open.read()
  }
  return { chunks: chunks(), lengthBytes: head.byteLength + object.meta.sizeBytes }
}

function parseHead(bytes: Uint8Array): MovedObject {
  const result = schema.safeParse(parseJsonBytes(bytes))
  if (!result.success) {
    throw new AisError('ErrBadRequest', `moved object: ${describeIssue(result.error)}`)
  }
  const { rebalance, bucket, bid, name, size, version, atime, mtime, ...rest } = result.data
  const chunks = rest.chunks?.map(({ part, size: sizeBytes, checksum: own, md5 }) => {
    return { partNumber: part, sizeBytes, checksum: own, md5 }
  })
  return {
    rebalance,
    bucket,
    bid,
    meta: {
      name,
      sizeBytes: size,
      checksum: rest.checksum,
      version,
      atimeNs: atime,
      mtimeNs: mtime,
      custom: rest.custom,
      generation: rest.generation,
      ...(chunks === undefined ? {} : { chunks }),
    },
  }
}

/** Takes bytes off the front of a body, in the sizes asked for. */
export interface MovedReader {
  readonly object: MovedObject
  /** The next `count` bytes of the content, in pieces. @throws AisError `ErrClientGone` when they do not come */
  take(count: number): AsyncIterable<Uint8Array>
}

/** Reads the description; the content follows. @throws AisError `ErrBadRequest`, `ErrClientGone` */
export async function readMoved(body: AsyncIterable<Uint8Array>): Promise<MovedReader> {
  const source = body[Symbol.asyncIterator]()
  let left: Uint8Array = new Uint8Array(0)

  async function* take(count: number): AsyncGenerator<Uint8Array> {
    for (let missing = count; missing > 0; ) {
      if (left.byteLength === 0) {
        const next = await source.next()
        if (next.done) throw new AisError('ErrClientGone', 'moved object: the body is too short')
        left = next.value
      }
      const piece = left.subarray(0, missing)
      left = left.subarray(piece.byteLength)
      missing -= piece.byteLength
      yield piece
    }
  }

  async function whole(count: number): Promise<Uint8Array> {
    const out = new Uint8Array(count)
    let at = 0
    for await (const piece of take(count)) {
      out.set(piece, at)
      at += piece.byteLength
    }
    return out
  }

  const prefix = await whole(lengthBytes)
  const headBytes = new DataView(prefix.buffer).getUint32(0)
  if (headBytes > headBytesMax) {
    throw new AisError('ErrBadRequest', `moved object: description of ${headBytes} bytes`)
  }
  return { object: parseHead(await whole(headBytes)), take }
}
