import { readFileSync } from 'node:fs'

/** A connection, as the kernel's table names it. */
export interface QueuedSocket {
  readonly localPort?: number | undefined
  readonly remotePort?: number | undefined
}

/** How many bytes the kernel still holds for each watched socket, and whether they grow fewer. */
export interface SendQueues {
  /** Reads the kernel's table once for all of `sockets`. */
  sample(sockets: readonly QueuedSocket[]): void
  /** By how much the socket's queue shrank between its last two samples; 0 when unknown or grown. */
  shrunkBytes(socket: QueuedSocket): number
}

/**
 * Over `/proc/net/tcp` and `tcp6` (`tx_queue`: bytes the peer has not acknowledged). Where these cannot be
 * read (not Linux; Deno without full read permission) every queue counts as unchanged.
 */
export function createSendQueues(): SendQueues {
  const known = new WeakMap<QueuedSocket, { bytes: number; shrunk: number }>()
  return {
    sample(sockets) {
      const queues = readQueues()
      for (const socket of sockets) {
        const bytes = queues.get(`${socket.localPort} ${socket.remotePort}`)
        if (bytes === undefined) continue
        const before = known.get(socket)?.bytes ?? bytes
        known.set(socket, { bytes, shrunk: Math.max(0, before - bytes) })
      }
    },
    shrunkBytes: (socket) => known.get(socket)?.shrunk ?? 0,
  }
}

/** Queue lengths by "local port, remote port": an address would add nothing but parsing, a clash is harmless. */
function readQueues(): Map<string, number> {
  const queues = new Map<string, number>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readTable(table).split('\n')) {
      const fields = line.trim().split(/\s+/)
      const local = portOf(fields[1])
      const remote = portOf(fields[2])
      const queued = fields[4]?.split(':')[0]
      if (local === undefined || remote === undefined || queued === undefined) continue
      queues.set(`${local} ${remote}`, Number.parseInt(queued, 16))
    }
  }
  return queues
}

function readTable(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function portOf(address: string | undefined): number | undefined {
  const colon = address?.indexOf(':') ?? -1
  if (address === undefined || colon < 0) return undefined
  const port = Number.parseInt(address.slice(colon + 1), 16)
  return Number.isNaN(port) ? undefined : port
}
