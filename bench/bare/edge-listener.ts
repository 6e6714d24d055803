// The same as `edge-worker.ts` behind the listener that an edge gateway has on Node, Bun and Deno.
import process from 'node:process'
import { limits } from '@aistore-ts/core/config/limits.ts'
import type { Handler } from '@aistore-ts/core/ports/call.ts'
import { endToEnd } from '@aistore-ts/core/proxy/relay.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'

const upstream = process.argv[2] ?? ''
const platform = await createPlatform()
const noTimeoutMs = 60_000

const handler: Handler = async (call) => {
  const { method, target, signal, body } = call
  if (target.startsWith('/redirect/')) {
    return { status: 301, headers: [['Location', `http://127.0.0.1:1${target}`]] }
  }
  const { lengthBytes } = body
  const headers = endToEnd(call.headers.lines())
  const passed = lengthBytes === 0 ? {} : { body, lengthBytes }
  const outgoing = { method, target, headers, signal, ...passed }
  const answer = await platform.call(upstream, outgoing, noTimeoutMs)
  return {
    status: answer.status,
    headers: endToEnd(answer.headers.lines()).filter(([name]) => name !== 'date'),
    body: { kind: 'stream', chunks: answer.body, lengthBytes: answer.body.lengthBytes },
  }
}

const listener = await platform.serve(handler, {
  host: '127.0.0.1',
  port: 0,
  network: 'public',
  headerBytesMax: limits.headerBytesMax,
  keepAliveMs: limits.keepAliveMs,
  minRateBytes: limits.bodyRateBytesMin,
  stallMs: limits.bodyStallMs,
  sendBufferBytes: limits.sendBufferBytes,
  refuse: ({ status }) => ({ status, headers: [] }),
  onError: () => undefined,
})
process.stdout.write(`ready at ${listener.port}\n`)
