/// <reference types="bun-types" />
// The best `Bun.serve` program we know for the same work without checks or metadata.
import { closeSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import loadXxhash from 'xxhash-wasm'
import { dir, nameIn, oneWriteBytesMax, port } from './parameters.ts'
import { shrinkSendBuffers } from './shrink-send-buffers.ts'

const xxhash = await loadXxhash()
let uploads = 0

async function put(path: string, request: Request): Promise<Response> {
  const work = `${dir}/.work-${uploads++}`
  const fd = openSync(work, 'w')
  const hash = xxhash.create64(0n)
  if (Number(request.headers.get('content-length')) <= oneWriteBytesMax) {
    const bytes = new Uint8Array(await request.arrayBuffer())
    hash.update(bytes)
    writeSync(fd, bytes)
  } else if (request.body !== null) {
    const reader = request.body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      hash.update(value)
      writeSync(fd, value)
    }
  }
  hash.digest()
  closeSync(fd)
  renameSync(work, path)
  return new Response(null)
}

Bun.serve({
  hostname: '127.0.0.1',
  port,
  maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  fetch(request) {
    const path = `${dir}/${nameIn(request.url)}`
    if (request.method === 'PUT') return put(path, request)
    if (statSync(path).size > oneWriteBytesMax) return new Response(Bun.file(path))
    return new Response(readFileSync(path))
  },
})
await shrinkSendBuffers(port, 262_144)
console.log('ready ')
