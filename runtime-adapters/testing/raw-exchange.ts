import { connect, type Socket } from 'node:net'

/** One raw connection: bytes out as written, bytes in as they come. */
export interface RawConnection {
  readonly socket: Socket
  /** Writes text, one byte a character. */
  write(text: string): void
  /** Resolves when what arrived so far satisfies `enough`, or the other side closed. */
  until(enough: (arrived: string) => boolean): Promise<string>
  /** Resolves with all that arrived when the other side has closed. */
  closed(): Promise<string>
  end(): void
}

/** Opens a raw connection to a loopback port. */
export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1')
  let arrived = ''
  let done = false
  let check: () => void = () => {}
  socket.setEncoding('latin1')
  socket.on('data', (chunk) => {
    arrived += String(chunk)
    check()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    done = true
    check()
  })
  await new Promise((resolve) => socket.once('connect', resolve))
  const until = (enough: (arrived: string) => boolean): Promise<string> =>
    new Promise((resolve) => {
      check = () => {
        if (done || enough(arrived)) resolve(arrived)
      }
      check()
    })
  return {
    socket,
    write: (text) => void socket.write(text, 'latin1'),
    until,
    closed: () => until(() => false),
    end: () => socket.destroy(),
  }
}

/** Sends `text` and resolves with the one reply: complete by Content-Length, by chunks, or by the close. */
export async function exchangeRaw(port: number, text: string): Promise<RawReply> {
  const raw = await openRaw(port)
  raw.write(text)
  const arrived = await raw.until((bytes) => isWhole(bytes, text.startsWith('HEAD')))
  raw.end()
  return parseReply(arrived)
}

export interface RawReply {
  readonly status: number
  /** Header block as it came, first line included. */
  readonly head: string
  readonly body: string
}

export function parseReply(arrived: string): RawReply {
  const at = arrived.indexOf('\r\n\r\n')
  const head = at < 0 ? arrived : arrived.slice(0, at)
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? '0'),
    head,
    body: at < 0 ? '' : arrived.slice(at + 4),
  }
}

/** Is `arrived` one whole reply? */
export function isWhole(arrived: string, head = false): boolean {
  const at = arrived.indexOf('\r\n\r\n')
  if (at < 0) return false
  if (head) return true
  const declared = /content-length: (\d+)/i.exec(arrived.slice(0, at))?.[1]
  if (declared !== undefined) return arrived.length >= at + 4 + Number(declared)
  return arrived.endsWith('0\r\n\r\n')
}
