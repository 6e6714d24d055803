import { utf8Encode } from '@aistore-ts/core/algorithms/utf8.ts'
import { ShardIndexReader, writeShardIndex } from '@aistore-ts/core/archive/shard-index.ts'
import { parseState, stateToJson } from '@aistore-ts/core/cluster/control/cluster-state.ts'
import { metasyncToJson, parseMetasync } from '@aistore-ts/core/cluster/control/control-wire.ts'
import { mapOf, stateOf } from '@aistore-ts/core/cluster/control/testing/states.ts'
import { edgeMapText, parseEdgeMap } from '@aistore-ts/core/edge/edge-map.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import { parseBatchRequest } from '@aistore-ts/core/get-batch/batch-request.ts'
import { formatFrameHead, parseFrameHead } from '@aistore-ts/core/get-batch/part-wire.ts'
import { encodeMoved, readMoved } from '@aistore-ts/core/target/rebalance/moved-object.ts'
import { parseJsonBytes, stringifyJson } from '@aistore-ts/core/wire/json.ts'
import { decodeListPage, encodeListPage } from '@aistore-ts/core/wire/msgpack.ts'
import { cutListPage } from '@aistore-ts/core/wire/raw-entries.ts'
import { orderSchema, recordsSchema } from '@aistore-ts/core/xaction/xaction-record.ts'
import { expect, it } from 'vitest'
import { createChance } from '../faults/chance.ts'

const state = stateOf(3, 7, mapOf('p1 p2 t1 t2'))
const message = {
  uuid: 'u',
  primaryId: 'p1',
  term: 3,
  stamp: state.stamp,
  base: { term: 0, index: 0 },
  documents: state,
  inForce: state.stamp,
  committed: true,
}
const page = encodeListPage({
  uuid: 'uuid',
  token: 'o9',
  flags: 0,
  entries: Array.from({ length: 9 }, (_, at) => {
    return { name: `dir/o${at}`, flags: 64, sizeBytes: 1_000 * at, checksum: 'abc', version: '3' }
  }),
})
const meta = {
  name: 'o',
  sizeBytes: 4,
  checksum: { type: 'xxhash2', value: 'abc' },
  version: '1',
  atimeNs: 5n,
  mtimeNs: 6n,
  custom: [['k', 'v']],
  generation: 'a'.repeat(32),
} as const
const content = utf8Encode('text')

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

const moved = await bytesOf(
  encodeMoved(
    { rebalance: 3, bucket: 'ais/@#/b/', bid: 'abc', meta },
    {
      meta,
      body: () => ({ kind: 'bytes', bytes: content }),
      async *read() {
        yield content
      },
      verifyRange: async () => 'sound',
      close() {},
    },
  ).chunks,
)

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
}

const json = (value: unknown) => utf8Encode(stringifyJson(value))
const batch = {
  in: [{ objname: 'a.tar', bucket: 'b', archpath: 'x/y', start: 3, length: 5, opaque: 'AAAA' }],
  mime: '.tar',
  coer: true,
  strm: true,
}
const order = { id: 'abcDEF123', kind: 'copy-bck', args: { prefix: 'x' }, targets: ['t1'] }
const index = writeShardIndex(
  ['a', 'b/c', 'd'].map((name, at) => ({ name, offset: at, sizeBytes: 1, mtimeSeconds: 0 })),
)

/** What reads bytes that another process wrote, and bytes that it reads gladly. */
const readers: Record<string, readonly [Uint8Array, (bytes: Uint8Array) => unknown]> = {
  'cluster state': [json(stateToJson(state)), (bytes) => parseState(parseJsonBytes(bytes))],
  metasync: [json(metasyncToJson(message)), (bytes) => parseMetasync(parseJsonBytes(bytes))],
  'list page': [page, decodeListPage],
  'list page, uncut': [page, cutListPage],
  'moved object': [
    moved,
    async (bytes) => {
      const { object, take } = await readMoved(inPieces(bytes))
      await bytesOf(take(Math.min(object.meta.sizeBytes, 1_000)))
    },
  ],
  'batch request': [json(batch), (bytes) => parseBatchRequest(bytes, undefined)],
  'frame of a batch': [formatFrameHead('c', 5), parseFrameHead],
  'order of a job': [json(order), (bytes) => orderSchema.safeParse(parseJsonBytes(bytes))],
  'kept jobs': [
    json({ jobs: [{ order }] }),
    (bytes) => recordsSchema.safeParse(parseJsonBytes(bytes)),
  ],
  'shard index': [
    index,
    (bytes) => {
      const reader = new ShardIndexReader(bytes)
      for (const name of ['a', 'b/c', 'e']) reader.find(name)
    },
  ],
  'map of an edge': [
    utf8Encode(
      edgeMapText({
        clusterUuid: 'u',
        edgeId: 'e',
        access: 'rw',
        smapVersion: 1,
        bmdVersion: 1,
        issuedAtMs: 1,
        notAfterMs: 2,
        targets: [{ id: 't', url: 'http://h:1', key: 'AAAA' }],
        gateways: ['http://h:2'],
        buckets: new Map([['b', 'abc']]),
      }),
    ),
    (bytes) => parseEdgeMap(new TextDecoder().decode(bytes)),
  ],
}

/** One of many ways to spoil bytes: bits, cuts, lengths that lie, pieces twice or elsewhere. */
function spoil(sound: Uint8Array, chance: () => number): Uint8Array {
  const at = Math.floor(chance() * sound.length)
  const other = Math.floor(chance() * sound.length)
  const bytes = Uint8Array.from(sound)
  switch (Math.floor(chance() * 7)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(chance() * 8))
      return bytes
    case 1:
      return bytes.subarray(0, at)
    case 2:
      return bytes.fill(0xff, at, at + 1 + Math.floor(chance() * 8))
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(at, other))])
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(other)])
    case 5: {
      // Bytes that mean a long array, map, text or binary in msgpack, and 32-bit lengths anywhere.
      const long = [0xdd, 0xdf, 0xdb, 0xc6][Math.floor(chance() * 4)] ?? 0xdd
      bytes.set([long, 0x7f, 0xff, 0xff, 0xff].slice(0, sound.length - at), at)
      return bytes
    }
    default: {
      const digits = utf8Encode(
        ['9'.repeat(30), '-1', '1e999', '"', '[', '{"__proto__":'][at % 6] ?? '',
      )
      return Buffer.concat([bytes.subarray(0, at), digits, bytes.subarray(at)])
    }
  }
}

it.each(Object.entries(readers))(
  'S18: 3,000 spoiled bytes are refused in words, or read: %s',
  async (name, [sound, read]) => {
    await read(sound)
    const chance = createChance(name.length)
    const before = process.memoryUsage().rss
    let refused = 0
    for (let i = 0; i < 3_000; i++) {
      const bytes = spoil(sound, chance)
      try {
        await read(bytes)
      } catch (error) {
        if (!(error instanceof AisError)) throw error
        refused += 1
      }
    }
    const isSilent = name === 'map of an edge' || name.includes('job')
    if (!isSilent) expect(refused).toBeGreaterThan(500)
    expect(process.memoryUsage().rss - before).toBeLessThan(256 << 20)
  },
)
