import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import { isNoSpace } from '../disk/file-error.ts'

/** 1/512 s: what doubles of seconds and whole nanoseconds both tell exactly, and about as fine as the kernel's own times. */
const stepNs = 1_953_125n

/** The last time not after `ns` that a file can be given exactly. */
export function exactTime(ns: bigint): bigint {
  return ns - (ns % stepNs)
}

/**
 * Whether files below `folder` can be given exact times. Where they cannot, an object must have its file before it is
 * acknowledged: its time, and with it its entity tag, would change later.
 */
export function keepsExactTimes(files: FileSystem, folder: string): boolean {
  const path = `${folder}/time-probe`
  const wanted = 1_000_000_000n * 1_000_000_000n + stepNs
  let fd: number | undefined
  try {
    files.unlinkSync(path)
    fd = files.openSync(path, 'create')
    files.setMtimeSync(fd, wanted)
    return files.fstatSync(fd).mtimeNs === wanted
  } catch (error) {
    if (isNoSpace(error)) return false
    throw error
  } finally {
    if (fd !== undefined) files.closeSync(fd)
    files.unlinkSync(path)
  }
}
