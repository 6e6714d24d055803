/// <reference types="bun-types" />
// GETs large bodies over kept-alive connections, one request in flight on each, and has the kernel throw the bodies away:
// `recv` with MSG_TRUNC takes bytes off a TCP socket and copies none. Bun only: it calls libc.
//   discard-program.ts PORT CONNECTIONS SECONDS PATHS-FILE

import { dlopen, FFIType, ptr } from 'bun:ffi'
import { readFileSync } from 'node:fs'

const { i32, u32, i64_fast, u64_fast } = FFIType
const pointer = FFIType.ptr
const { symbols: libc } = dlopen('libc.so.6', {
  socket: { args: [i32, i32, i32], returns: i32 },
  connect: { args: [i32, pointer, u32], returns: i32 },
  setsockopt: { args: [i32, i32, i32, pointer, u32], returns: i32 },
  send: { args: [i32, pointer, u64_fast, i32], returns: i64_fast },
  recv: { args: [i32, pointer, u64_fast, i32], returns: i64_fast },
  poll: { args: [pointer, u64_fast, i32], returns: i32 },
})

const inet = 2
const stream = 1
const tcp = 6
const noDelay = 1
const dontWait = 0x40
const truncate = 0x20
const noSignal = 0x4000
const pollIn = 1
const pollMs = 1_000
/** Most that one call throws away, bytes. */
const discardBytes = 4_194_304
const headBytesMax = 65_536

const [port = '', connections = '', seconds = '', file = ''] = process.argv.slice(2)
const requests = readFileSync(file, 'utf8')
  .split('\n')
  .map((path) => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`))
const head = Buffer.alloc(headBytesMax)
const headPointer = ptr(head)
const one = new Int32Array([1])

interface Connection {
  readonly fd: number
  sentAt: number
  /** Of the body; -1 while the head is not here. */
  leftBytes: number
}

function open(): Connection {
  const address = new Uint8Array(16)
  const view = new DataView(address.buffer)
  view.setUint16(0, inet, true)
  view.setUint16(2, Number(port))
  view.setUint32(4, 0x7f000001)
  const fd = libc.socket(inet, stream, 0)
  if (fd < 0 || libc.connect(fd, ptr(address), 16) !== 0) throw new Error('connect')
  libc.setsockopt(fd, tcp, noDelay, ptr(one), 4)
  return { fd, sentAt: 0, leftBytes: -1 }
}

let next = 0
let done = 0
let bytes = 0
const tookMs: number[] = []

function ask(connection: Connection): void {
  const request = requests[next++ % requests.length] ?? Buffer.alloc(0)
  connection.sentAt = performance.now()
  connection.leftBytes = -1
  const sent = Number(libc.send(connection.fd, ptr(request), request.byteLength, noSignal))
  if (sent !== request.byteLength) throw new Error('send')
}

/** Takes the head, and what came of the body with it. @throws Error when it is no success */
function readHead(connection: Connection): void {
  const count = Number(libc.recv(connection.fd, headPointer, headBytesMax, dontWait))
  if (count <= 0) throw new Error('the connection closed')
  const text = head.toString('latin1', 0, count)
  const end = text.indexOf('\r\n\r\n')
  const length = /^content-length: (\d+)/im.exec(text)?.[1]
  if (!/^HTTP\/1\.1 200 /.test(text) || end < 0 || length === undefined) {
    throw new Error(text.slice(0, 300))
  }
  const came = count - end - 4
  bytes += came
  connection.leftBytes = Number(length) - came
}

/** Throws away what came of the body. */
function readBody(connection: Connection): void {
  const most = Math.min(connection.leftBytes, discardBytes)
  const count = Number(libc.recv(connection.fd, headPointer, most, dontWait | truncate))
  if (count === 0) throw new Error('the connection closed')
  if (count < 0) return
  bytes += count
  connection.leftBytes -= count
}

const all = Array.from({ length: Number(connections) }, open)
/** `struct pollfd`: descriptor, then events and what happened, of two bytes each. */
const polls = new Int32Array(all.length * 2)
all.forEach(({ fd }, at) => {
  polls[at * 2] = fd
  polls[at * 2 + 1] = pollIn
})
const events = new Int16Array(polls.buffer)
const startedAt = performance.now()
const endAt = startedAt + Number(seconds) * 1_000
for (const connection of all) ask(connection)
while (performance.now() < endAt) {
  if (libc.poll(ptr(polls), all.length, pollMs) <= 0) continue
  all.forEach((connection, at) => {
    if (events[at * 4 + 3] === 0) return
    if (connection.leftBytes < 0) readHead(connection)
    else readBody(connection)
    if (connection.leftBytes !== 0) return
    done++
    tookMs.push(performance.now() - connection.sentAt)
    ask(connection)
  })
}
const tookSeconds = (performance.now() - startedAt) / 1_000
tookMs.sort((a, b) => a - b)
const percentile = (share: number) => tookMs[Math.floor((tookMs.length - 1) * share)]
const told = { bytes, requests: done, seconds: tookSeconds }
console.log(JSON.stringify({ ...told, p50Ms: percentile(0.5), p99Ms: percentile(0.99) }))
process.exit()
