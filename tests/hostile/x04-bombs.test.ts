import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { end, header, octal } from '@aistore-ts/core/archive/testing/hostile-tar.ts'
import { Client } from '@aistore-ts/sdk/client.ts'
import { listFlags } from '@aistore-ts/sdk/list-objects.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('./testing/serve.ts', import.meta.url))
const mib = 1_048_576

/** What the bomb unpacks to: 1,000 times what it is. */
const bombBytes = 1_024 * mib
/** The same of a shard that is read first: code that is compiled, and buffers that are kept, are not of the bomb. */
const warmBytes = 64 * mib
const growthMax = 64 * mib

/** A tgz of one file of zeros, made of gzip members that are all alike. */
function bomb(unpackedBytes: number): Uint8Array {
  const piece = 64 * mib
  const zeros = gzipSync(Buffer.alloc(piece), { level: 9 })
  const head = gzipSync(header({ name: 'zeros', size: octal(unpackedBytes) }))
  const pieces = Array.from({ length: unpackedBytes / piece }, () => zeros)
  return Buffer.concat([head, ...pieces, gzipSync(end)])
}

describe('X04: bombs at a target', { timeout: 120_000 }, () => {
  let child: ChildProcess
  let client: Client

  /** The most memory that the process ever had, bytes. */
  const peakBytes = () => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1_024
  }

  beforeAll(async () => {
    child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
    if (child.stdout === null) throw new Error('assert: it is a pipe')
    const [line] = await once(child.stdout, 'data')
    client = new Client(String(line).trim())
    const bucket = client.bucket('b')
    await bucket.create()
    const bytes = bomb(bombBytes)
    expect(bombBytes / bytes.length).toBeGreaterThan(900)
    await bucket.object('bomb.tgz').put(bytes)
    await bucket.object('warm.tgz').put(bomb(warmBytes))
    await bucket.object('small').put('here')
  })

  afterAll(async () => {
    client.close()
    child.kill('SIGKILL')
    await once(child, 'close')
  })

  async function absent(shard: string): Promise<void> {
    const missing = client.bucket('b').object(shard).get({ archivePath: 'none' })
    await expect(missing).rejects.toMatchObject({ status: 404 })
  }

  async function listed(shard: string): Promise<void> {
    const names: string[] = []
    const query = { prefix: shard, flags: listFlags.archiveDir }
    for await (const { name } of client.bucket('b').list(query)) names.push(name)
    expect(names).toEqual([shard, `${shard}/zeros`])
  }

  async function lastBytes(shard: string, unpackedBytes: number): Promise<void> {
    const entry = { name: shard, archivePath: 'zeros', start: unpackedBytes - 9, length: 9 }
    const bck = { name: 'b', provider: 'ais', namespace: { uuid: '', name: '' } } as const
    for await (const item of client.batch([entry], { bck })) {
      expect(await item.bytes()).toEqual(new Uint8Array(9))
    }
  }

  it.each([
    ['a file that is not there', absent],
    ['a listing', listed],
    ['a batch', lastBytes],
  ])('%s: memory stays, and others are served meanwhile', async (_, scan) => {
    await scan('warm.tgz', warmBytes)
    const before = peakBytes()
    let isOver = false
    const scanning = scan('bomb.tgz', bombBytes).finally(() => {
      isOver = true
    })
    for (let calls = 0; calls < 5; calls++) {
      const reader = await client.bucket('b').object('small').get()
      expect(await reader.text()).toBe('here')
    }
    expect(isOver).toBe(false)
    await scanning
    expect(peakBytes() - before).toBeLessThan(growthMax)
  })
})
