import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'

/** Turns one bit of a file as a failing disk does: size and times stay what they are. */
export function turnBit(path: string, at: number): void {
  const times = `${path}.times`
  execFileSync('touch', ['-r', path, times])
  const fd = openSync(path, 'r+')
  const byte = new Uint8Array(1)
  readSync(fd, byte, 0, 1, at)
  writeSync(fd, Uint8Array.of((byte[0] ?? 0) ^ 1), 0, 1, at)
  closeSync(fd)
  execFileSync('touch', ['-r', times, path])
  rmSync(times)
}
