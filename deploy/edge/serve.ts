import process from 'node:process'
import { createTextHmac } from '@aistore-ts/core/algorithms/sha256.ts'
import { edgeCacheBytesDefault } from '@aistore-ts/core/config/edge-limits.ts'
import { limits } from '@aistore-ts/core/config/limits.ts'
import { refusalReply } from '@aistore-ts/core/node/refusal-reply.ts'
import { memoryBlocks } from '@aistore-ts/edge-proxy/cache/memory-blocks.ts'
import { createEdgeGateway } from '@aistore-ts/edge-proxy/edge-gateway.ts'
import { edgeSettings } from '@aistore-ts/edge-proxy/edge-settings.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'

/** Runs an edge gateway on Node, Bun or Deno, behind a listener that changes nothing of what arrives. */
const portDefault = 8090

const settings = edgeSettings(process.env)
const platform = await createPlatform()
const { clock, random, call, crypto } = platform
const native = (key: Uint8Array) => (text: string) => crypto.hmacSha256(key, text)
// Deno's own takes 20 us for what its JavaScript does in 5.
const createHmac = platform.name === 'deno' ? createTextHmac : native
const blocks = memoryBlocks(edgeCacheBytesDefault)
const name = `p[${settings.id}]`

const listener = await platform.serve(
  createEdgeGateway({ settings, clock, random, call, createHmac, crypto, blocks }),
  {
    host: process.env.AIS_EDGE_HOST ?? '127.0.0.1',
    port: Number(process.env.AIS_EDGE_PORT ?? portDefault),
    network: 'public',
    headerBytesMax: limits.headerBytesMax,
    keepAliveMs: limits.keepAliveMs,
    minRateBytes: limits.bodyRateBytesMin,
    stallMs: limits.bodyStallMs,
    sendBufferBytes: limits.sendBufferBytes,
    refuse: (refused) => refusalReply(name, refused),
    onError: (error, failed) =>
      process.stderr.write(`${failed?.method ?? ''} ${failed?.target ?? ''}: ${String(error)}\n`),
  },
)
process.stdout.write(`edge gateway ${settings.id} at http://${listener.host}:${listener.port}\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void listener.close(0).then(() => process.exit(0)))
}
