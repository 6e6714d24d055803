import process from 'node:process'
import { limits } from '@aistore-ts/core/config/limits.ts'
import { refusalReply } from '@aistore-ts/core/node/refusal-reply.ts'
import { createEdgeGateway } from '@aistore-ts/edge-proxy/edge-gateway.ts'
import { edgeSettings } from '@aistore-ts/edge-proxy/edge-settings.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'

/** Runs an edge gateway on Node, Bun or Deno, behind a listener that changes nothing of what arrives. */
const portDefault = 8090

const settings = edgeSettings(process.env)
const platform = await createPlatform()
const { clock, random, call } = platform
const name = `p[${settings.id}]`

const listener = await platform.serve(createEdgeGateway({ settings, clock, random, call }), {
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
})
process.stdout.write(`edge gateway ${settings.id} at http://${listener.host}:${listener.port}\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void listener.close(0).then(() => process.exit(0)))
}
