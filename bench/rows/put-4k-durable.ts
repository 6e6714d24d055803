import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { bareBucket, openBareMountpath } from '../harness/bare-mountpath.ts'
import type { Row, Subject } from '../harness/row.ts'

/** Commits under way at once. */
const inFlight = 64

/** Names, each written again and again, but hardly within the second in which a small body waits for its file. */
const names = 20_000

const body = new Uint8Array(4 * 1024).fill(0x61)

/** A body that is not larger needs no file before its acknowledgement; none is smaller than nothing. */
const inlineMax = { files: -1, inline: 64 * 1024 } as const

async function putOne(mountpath: Mountpath, platform: Platform, name: string): Promise<void> {
  const hasher = platform.createHasher('xxhash2')
  const hints = { sizeBytes: body.byteLength, durability: 'disk' } as const
  const draft = await mountpath.draft(bareBucket, name, hints)
  hasher.update(body)
  await draft.write(body)
  const checksum = { type: 'xxhash2', value: hasher.digestHex() } as const
  const object = { checksum, version: '1', atimeNs: platform.clock.nowNs(), custom: [] }
  await mountpath.commit(bareBucket, name, draft, object, 'disk')
}

/** On the disk that holds the system's temporary folder: memory would hide what a sync costs. */
async function subjectOf(platform: Platform, name: keyof typeof inlineMax): Promise<Subject> {
  return {
    name,
    async measure(seconds) {
      const path = mkdtempSync(join(tmpdir(), 'bench-durable-'))
      const limits = { inlineBytesMax: inlineMax[name] }
      const mountpath = await openBareMountpath(platform, path, limits)
      try {
        await mountpath.createBucket(bareBucket)
        const latencies: number[] = []
        const startedAt = performance.now()
        let next = 0
        const client = async () => {
          while (performance.now() - startedAt < seconds * 1_000) {
            const began = performance.now()
            await putOne(mountpath, platform, `o/${(next++ * 7_919) % names}`)
            latencies.push(performance.now() - began)
          }
        }
        await Promise.all(Array.from({ length: inFlight }, client))
        const value = (latencies.length * 1_000) / (performance.now() - startedAt)
        latencies.sort((a, b) => a - b)
        const at = (share: number) =>
          Math.round(latencies[Math.floor(latencies.length * share)] ?? 0)
        return { value, p50Ms: at(0.5), p99Ms: at(0.99) }
      } finally {
        await mountpath.close()
        rmSync(path, { recursive: true, force: true })
      }
    },
  }
}

/** The same process, disk and names; the one difference is when a body gets its file. Writing out is part of the load. */
export const put4kDurable: Row = {
  name: 'put-4k-durable',
  question: 'How many PUTs of 4 KiB, safe against power loss, does a mountpath take, 64 at once?',
  unit: 'requests/s',
  reference: 'files',
  goals: { inline: 2 },
  warmsUp: true,
  async subjects() {
    const platform = await createPlatform()
    return [await subjectOf(platform, 'files'), await subjectOf(platform, 'inline')]
  },
}
