import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const solSocket = 1
const soSndbuf = 7
const listenState = '0A'

/**
 * Asks the kernel for a send buffer of `sizeBytes` on every socket of this process that listens on `port`;
 * accepted sockets inherit it. Bun hides descriptors, so they are found in `/proc`. Resolves with the number
 * of sockets set: 0 where there is no Linux, and that is no error, only a slower reply.
 */
export async function shrinkSendBuffer(port: number, sizeBytes: number): Promise<number> {
  const descriptors = listeningDescriptors(port)
  if (descriptors.length === 0) return 0
  try {
    const { dlopen, FFIType, ptr } = await import('bun:ffi')
    const libc = dlopen('libc.so.6', {
      setsockopt: {
        args: [FFIType.i32, FFIType.i32, FFIType.i32, FFIType.ptr, FFIType.u32],
        returns: FFIType.i32,
      },
    })
    const value = new Int32Array([sizeBytes])
    const set = descriptors.filter(
      (fd) => libc.symbols.setsockopt(fd, solSocket, soSndbuf, ptr(value), 4) === 0,
    )
    libc.close()
    return set.length
  } catch {
    return 0
  }
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
