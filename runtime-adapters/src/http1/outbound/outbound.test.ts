import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findRuntime, runtimeCommand } from '../../runtimes.ts'

const run = promisify(execFile)
const program = fileURLToPath(new URL('./testing/make-calls.ts', import.meta.url))

const large = randomBytes(30_000_001)
const largeMd5 = createHash('md5').update(large).digest('hex')
const ok = 'HTTP/1.1 200 OK\r\n'

/** What is written for a target, connection left open unless it says so. */
const written: Readonly<Record<string, string>> = {
  '/length': `${ok}Content-Length: 5\r\n\r\nhello`,
  '/chunked': `${ok}Transfer-Encoding: chunked\r\n\r\n3;x=1\r\nhel\r\n2\r\nlo\r\n0\r\nT: x\r\n\r\n`,
  '/interim': `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok}Content-Length: 5\r\n\r\nhello`,
  '/old': 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  '/no-http': 'SSH-2.0-OpenSSH\r\n\r\n',
  '/two-lengths': `${ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
  '/bad-chunk': `${ok}Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n`,
  '/switch': 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',
  '/folded': `${ok}A: b\r\n c\r\nContent-Length: 0\r\n\r\n`,
}
/** The same, and then the connection ends. */
const writtenLast: Readonly<Record<string, string>> = {
  '/until-close': `${ok}\r\nhello`,
  '/short': `${ok}Content-Length: 9\r\n\r\nhello`,
  '/short-chunked': `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
  '/close-at-once': '',
}

/** A server that says what it is told to, byte for byte. */
const server = createServer((socket) => {
  socket.on('error', () => {})
  let text = ''
  let body: ((bytes: Buffer) => void) | undefined
  socket.on('data', (bytes) => {
    if (body !== undefined) {
      body(bytes)
      return
    }
    text += bytes.toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = text.slice(0, end)
    const rest = Buffer.from(text.slice(end + 4), 'latin1')
    text = ''
    body = answer(socket, head, () => {
      body = undefined
    })
    body?.(rest)
  })
})

function answer(
  socket: Socket,
  head: string,
  done: () => void,
): ((bytes: Buffer) => void) | undefined {
  const [method = '', target = ''] = head.split(' ')
  const last = writtenLast[target]
  if (last !== undefined) {
    socket.end(last)
    return
  }
  if (target === '/large') {
    socket.write(`${ok}Content-Length: ${large.byteLength}\r\n\r\n`)
    socket.write(large)
    return
  }
  if (target === '/large-chunked') {
    socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n`)
    for (let at = 0; at < large.byteLength; at += 100_003) {
      const piece = large.subarray(at, at + 100_003)
      socket.write(`${piece.byteLength.toString(16)}\r\n`)
      socket.write(piece)
      socket.write('\r\n')
    }
    socket.write('0\r\n\r\n')
    return
  }
  if (target === '/byte-by-byte') {
    const bytes = Buffer.from(written['/chunked'] ?? '')
    const next = (at: number): void => {
      if (at < bytes.byteLength)
        socket.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1))
    }
    next(0)
    return
  }
  if (target === '/refuse') {
    socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig')
    return () => {}
  }
  if (target === '/port') {
    const port = String(socket.remotePort)
    socket.write(`${ok}Content-Length: ${port.length}\r\n\r\n${port}`)
    return
  }
  if (target === '/md5') return digest(socket, head, done)
  const whole = written[target] ?? 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'
  socket.write(method === 'HEAD' ? whole.slice(0, whole.indexOf('\r\n\r\n') + 4) : whole)
}

/** Reads a body to its end, and answers with its digest. */
function digest(socket: Socket, head: string, done: () => void): (bytes: Buffer) => void {
  const length = /content-length: (\d+)/i.exec(head)?.[1]
  const pieces: Buffer[] = []
  let size = 0
  let tail = ''
  return (bytes) => {
    pieces.push(bytes)
    size += bytes.byteLength
    tail = (tail + bytes.subarray(-7).toString('latin1')).slice(-7)
    const ended = length === undefined ? tail === '\r\n0\r\n\r\n' : size === Number(length)
    if (!ended) return
    done()
    const whole = Buffer.concat(pieces)
    const md5 = createHash('md5').update(length === undefined ? unchunked(whole) : whole)
    socket.write(`${ok}Content-Length: 32\r\n\r\n${md5.digest('hex')}`)
  }
}

function unchunked(bytes: Buffer): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.byteLength; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    pieces.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
  return Buffer.concat(pieces)
}

let origin: string
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
})

it.each(['node', 'bun', 'deno'] as const)(
  'calls from %s understand every answer, and refuse what is none',
  { timeout: 60_000 },
  async (name) => {
    if (!findRuntime(name).found) return
    const { command, args, environment } = runtimeCommand(name, program)
    const env = { ...process.env, ...environment }
    const { stdout } = await run(command, [...args, origin], { env })
    expect(JSON.parse(stdout)).toEqual({
      '/length': '200 hello',
      '/chunked': '200 hello',
      '/until-close': '200 hello',
      '/interim': '200 hello',
      '/old': '200 hello',
      '/byte-by-byte': '200 hello',
      '/short': 'ErrUnreachable',
      '/short-chunked': 'ErrUnreachable',
      '/no-http': 'ErrUnreachable',
      '/two-lengths': 'ErrUnreachable',
      '/bad-chunk': 'ErrUnreachable',
      '/switch': 'ErrUnreachable',
      '/folded': 'ErrUnreachable',
      '/close-at-once': 'ErrUnreachable',
      head: '200 5',
      large: largeMd5,
      iterated: largeMd5,
      'lent, many at once and each slowly': [largeMd5],
      'passed on': `200 ${largeMd5}`,
      'passed on in chunks': `200 ${largeMd5}`,
      'refused early': '413 big',
      discarded: '200 hello',
      'split by a target': 'ErrBadRequest',
      'split by a name': 'ErrBadRequest',
      kept: 1,
      'many at once': 1,
    })
  },
)
