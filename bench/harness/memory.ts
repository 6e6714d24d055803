import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'

const kibPerMb = 1e6 / 1024

/** Process of the target whose files are below `dir`. @throws Error when there is none, or more than one */
export function targetProcess(dir: string): number {
  const found = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return line.includes('-role=target') && line.some((word) => word.includes(dir))
    } catch {
      // It ended meanwhile.
      return false
    }
  })
  if (found.length !== 1) throw new Error(`${found.length} targets have their files below ${dir}`)
  return Number(found[0])
}

/** Resident memory of a process, KiB. */
export function residentKib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1])
}

export function residentMb(pid: number): number {
  return residentKib(pid) / kibPerMb
}

/** `count` connections to `origin`, open. */
export function openConnections(origin: string, count: number): Promise<readonly Socket[]> {
  const { hostname, port } = new URL(origin)
  const one = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port) }, () => resolve(socket))
      socket.once('error', reject)
    })
  return Promise.all(Array.from({ length: count }, one))
}
