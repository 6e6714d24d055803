import { connect } from 'node:net'
import { parseObjectPath, parseTarget } from '@aistore-ts/core/wire/target.ts'

/** What a runtime took a request for. */
export interface Reading {
  readonly method: string
  /** The object's name, or the path where there is none: decoded, as the core routes, signs and stores it. */
  readonly name: string
  /** Names and values of the query in their order. */
  readonly query: string
  readonly bodyBytes: number
}

/** A runtime either reads a request or refuses it; closing without an answer and waiting for more are refusals. */
export type Outcome = Reading | 'refused'

/** Silence after which a server is taken to wait for a rest that does not come, milliseconds. */
const silenceMs = 1_000

/** Sends bytes (text of Latin-1) and tells what the echo at that port made of the first request in them. */
export async function readingOf(port: number, bytes: string): Promise<Outcome> {
  const answer = (await firstAnswer(port, bytes)).replace(/^HTTP\/1\.1 100 [\s\S]*?\r\n\r\n/, '')
  if (!answer.startsWith('HTTP/1.1 200 ')) return 'refused'
  const seen = /\r\n\r\n[^{]*(\{[^\r]*?\})(?:\r\n|HTTP\/1\.1 |$)/.exec(answer)?.[1]
  if (seen === undefined) return 'refused'
  return outcomeOf(JSON.parse(Buffer.from(seen, 'latin1').toString('utf8')))
}

function outcomeOf(seen: unknown): Outcome {
  if (typeof seen !== 'object' || seen === null) throw new TypeError('echo: not an object')
  const { method, target, bodyBytes } = seen as Readonly<Record<string, unknown>>
  if (typeof method !== 'string' || typeof target !== 'string' || typeof bodyBytes !== 'number') {
    throw new TypeError('echo: not what a request was read as')
  }
  try {
    const parsed = parseTarget(target)
    const found = parseObjectPath(parsed)
    const name = found?.object === undefined ? parsed.path : `${found.bucket}\n${found.object}`
    return { method, name, query: JSON.stringify(parsed.query.all()), bodyBytes }
  } catch {
    return 'refused'
  }
}

/** The bytes up to the end of the first answer: by its length, its chunks, the close, or silence. */
function firstAnswer(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let arrived = ''
    const done = (): void => {
      clearTimeout(silence)
      socket.destroy()
      resolve(arrived)
    }
    const silence = setTimeout(done, silenceMs)
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      arrived += String(chunk)
      if (isWhole(arrived)) done()
    })
    socket.on('error', done)
    socket.on('close', done)
    socket.write(bytes, 'latin1')
  })
}

function isWhole(arrived: string): boolean {
  const at = arrived.indexOf('\r\n\r\n')
  if (at < 0) return false
  const head = arrived.slice(0, at)
  const declared = /content-length: (\d+)/i.exec(head)?.[1]
  if (declared !== undefined) return arrived.length >= at + 4 + Number(declared)
  return /transfer-encoding: chunked/i.test(head) && arrived.endsWith('0\r\n\r\n')
}
