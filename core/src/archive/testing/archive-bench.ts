import { pipeline } from 'node:stream'
import { crc32, createGunzip, createGzip, createInflateRaw } from 'node:zlib'
import type { Hasher } from '../../ports/platform.ts'
import { ArchiveGuard, type ArchiveLimits, archiveLimits } from '../archive-guard.ts'
import type { ArchiveFormat } from '../formats.ts'
import type { NewMember } from '../member.ts'
import { type ArchiveFile, openArchive } from '../open-archive.ts'
import type { ArchivePlatform } from '../write-archive.ts'

const engines = { gzip: createGzip, gunzip: createGunzip, 'inflate-raw': createInflateRaw }

function crcHasher(): Hasher {
  let sum = 0
  return {
    update: (chunk) => {
      sum = crc32(chunk, sum)
    },
    digestHex: () => sum.toString(16).padStart(8, '0'),
  }
}

/** Packing by zlib, CRC-32 as the only digest. */
export const benchPlatform: ArchivePlatform = {
  createHasher: crcHasher,
  compression: {
    async *transform(kind, chunks) {
      const engine = engines[kind]()
      pipeline(chunks, engine, () => undefined)
      for await (const piece of engine) yield piece
    },
  },
}

export function guardOf(
  limits: Partial<ArchiveLimits> = {},
  signal = new AbortController().signal,
  afterTurn = () => Promise.resolve(),
): ArchiveGuard {
  let now = 0
  return new ArchiveGuard({
    limits: { ...archiveLimits, ...limits },
    signal,
    // Each look at the clock takes 1 ms: turns come at the same places in every run.
    monotonic: () => now++,
    afterTurn,
  })
}

export async function* chunksOf(bytes: Uint8Array, size = 1_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(Uint8Array.from(chunk))
  return new Uint8Array(Buffer.concat(parts))
}

export function fileOf(name: string, bytes: Uint8Array): ArchiveFile {
  return {
    name,
    sizeBytes: bytes.length,
    openAt: (offset) => chunksOf(bytes.subarray(offset), 4_096),
  }
}

/** What an archive holds: names and contents as text. */
export async function readAll(
  bytes: Uint8Array,
  format: ArchiveFormat,
  guard: ArchiveGuard = guardOf(),
): Promise<[name: string, content: string][]> {
  const reader = openArchive(benchPlatform, fileOf('shard', bytes), format, guard)
  const found: [string, string][] = []
  try {
    for (let member = await reader.next(); member; member = await reader.next()) {
      found.push([member.name, Buffer.from(await bytesOf(member.content())).toString('latin1')])
    }
  } finally {
    await reader.close()
  }
  return found
}

export async function* membersOf(
  files: readonly (readonly [string, string])[],
): AsyncGenerator<NewMember> {
  for (const [name, text] of files) {
    const content = new Uint8Array(Buffer.from(text, 'latin1'))
    yield { name, sizeBytes: content.length, mtimeSeconds: 1_700_000_000, content }
  }
}
