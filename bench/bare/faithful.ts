// The best `node:http` program we know for the same work without checks or metadata, on Node or Bun.
import { closeSync, fstatSync, openSync, readSync, renameSync, statSync, writeSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import loadXxhash from 'xxhash-wasm'
import { dir, nameIn, oneWriteBytesMax, port } from './parameters.ts'
import { shrinkSendBuffers } from './shrink-send-buffers.ts'

const xxhash = await loadXxhash()
const buffers: Buffer[] = []
let uploads = 0

function get(path: string, response: ServerResponse): void {
  const fd = openSync(path, 'r')
  const { size } = fstatSync(fd)
  response.writeHead(200, ['Content-Length', String(size)])
  if (size <= oneWriteBytesMax) {
    const bytes = Buffer.allocUnsafe(size)
    readSync(fd, bytes, 0, size, 0)
    closeSync(fd)
    response.end(bytes)
    return
  }
  const buffer = buffers.pop() ?? Buffer.allocUnsafeSlow(1_048_576)
  let offset = 0
  const step = (): void => {
    const count = offset < size ? readSync(fd, buffer, 0, buffer.byteLength, offset) : 0
    if (count === 0) {
      closeSync(fd)
      buffers.push(buffer)
      response.end()
      return
    }
    offset += count
    response.write(buffer.subarray(0, count), step)
  }
  step()
}

function put(path: string, request: IncomingMessage, response: ServerResponse): void {
  const work = `${dir}/.work-${uploads++}`
  const fd = openSync(work, 'w')
  const hash = xxhash.create64(0n)
  request.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    writeSync(fd, chunk)
  })
  request.on('end', () => {
    hash.digest()
    closeSync(fd)
    renameSync(work, path)
    response.writeHead(200, ['Content-Length', '0'])
    response.end()
  })
}

const server = createServer((request, response) => {
  const { url = '' } = request
  if (url.startsWith('/redirect/')) {
    response.writeHead(301, ['Location', `http://127.0.0.1:1${url}`, 'Content-Length', '0'])
    response.end()
    return
  }
  const path = `${dir}/${nameIn(url)}`
  if (request.method === 'HEAD') {
    response.writeHead(200, ['Content-Length', String(statSync(path).size)])
    response.end()
  } else if (request.method === 'PUT') put(path, request, response)
  else get(path, response)
})
server.listen(port, '127.0.0.1', async () => {
  if (process.versions.bun !== undefined) await shrinkSendBuffers(port, 262_144)
  console.log('ready ')
})
