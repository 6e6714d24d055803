import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { shrinkSendBuffer } from '@aistore-ts/runtime-adapters/bun/send-buffer.ts'

const listenState = '0A'

/** Gives every socket of this process that listens on `port` a send buffer of `sizeBytes`: Bun's HTTP servers hide their descriptors. */
export async function shrinkSendBuffers(port: number, sizeBytes: number): Promise<void> {
  for (const fd of listeningDescriptors(port)) await shrinkSendBuffer(fd, sizeBytes)
}

function listeningDescriptors(port: number): number[] {
  try {
    const inodes = new Set([
      ...inodesOf('/proc/net/tcp', port),
      ...inodesOf('/proc/net/tcp6', port),
    ])
    return readdirSync('/proc/self/fd')
      .filter((fd) => inodes.has(linkOf(`/proc/self/fd/${fd}`)))
      .map(Number)
  } catch {
    return []
  }
}

function inodesOf(table: string, port: number): string[] {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readFileSync(table, 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(ending) && fields[3] === listenState)
    .map((fields) => `socket:[${fields[9]}]`)
}

/** A descriptor may be closed between listing and looking. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
