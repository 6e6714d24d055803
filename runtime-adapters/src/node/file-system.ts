import fs from 'node:fs'
import fsp from 'node:fs/promises'
import type {
  DirectoryEntry,
  FileStat,
  FileSystem,
  FileSystemStats,
  OpenMode,
} from '@aistore-ts/core/ports/file-system.ts'
import { syncFileSystem } from './sync-file-system.ts'

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR } = fs.constants

const openFlags: Readonly<Record<OpenMode, number>> = {
  read: O_RDONLY | O_NOFOLLOW,
  update: O_RDWR | O_NOFOLLOW,
  create: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
  directory: O_RDONLY | O_DIRECTORY,
}

/** Object files are private to the daemon's user and group. */
const fileMode = 0o640
const directoryMode = 0o750

/** The disk through `node:fs`, the same on Node, Bun and Deno. */
export function createFileSystem(): FileSystem {
  return {
    separator: '/',
    openSync: (path, mode) => fs.openSync(path, openFlags[mode], fileMode),
    closeSync: fs.closeSync,
    writeSync,
    readSync: (fd, into, position) => fs.readSync(fd, into, 0, into.byteLength, position),
    fstatSync: (fd) => fileStat(fs.fstatSync(fd, { bigint: true })),
    lstatSync,
    renameSync: fs.renameSync,
    unlinkSync: (path) => attempt(() => fs.unlinkSync(path), ['ENOENT', 'ENOTDIR']),
    mkdirSync,
    rmdirSync: (path) =>
      attempt(() => fs.rmdirSync(path), ['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR']),
    truncateSync: fs.ftruncateSync,
    setMtimeSync,
    write,
    read,
    fsync,
    syncFileSystem: (path) => syncFileSystem(path),
    readDirectory,
    removeTree: (path) => fsp.rm(path, { recursive: true, force: true }),
    readText,
    statfs,
    statfsSync: (path) => statsOf(fs.statfsSync(path, { bigint: true })),
    afterTurn: (task) => void setImmediate(task),
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** `false` when `run` failed with one of `expected`. */
function attempt(run: () => void, expected: readonly string[]): boolean {
  try {
    run()
    return true
  } catch (error) {
    if (expected.includes(codeOf(error))) return false
    throw error
  }
}

function fileStat(stat: fs.BigIntStats): FileStat {
  return {
    kind: stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other',
    sizeBytes: Number(stat.size),
    mtimeNs: stat.mtimeNs,
    ctimeNs: stat.ctimeNs,
    inode: Number(BigInt.asUintN(53, stat.ino)),
    // Linux's dev_t: makedev(3).
    deviceMajor: Number((stat.dev >> 8n) & 0xfffn),
    deviceMinor: Number((stat.dev & 0xffn) | ((stat.dev >> 12n) & 0xfff00n)),
  }
}

function lstatSync(path: string): FileStat | undefined {
  try {
    const stat = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false })
    return stat === undefined ? undefined : fileStat(stat)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined
    throw error
  }
}

function mkdirSync(path: string): boolean {
  try {
    fs.mkdirSync(path, directoryMode)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && lstatSync(path)?.kind === 'directory') return false
    throw error
  }
}

function writeSync(fd: number, bytes: Uint8Array, position: number): void {
  let done = 0
  while (done < bytes.byteLength) {
    done += fs.writeSync(fd, bytes, done, bytes.byteLength - done, position + done)
  }
}

/** Seconds as a double: exact on Node and Bun for multiples of 1/512 s, in whole milliseconds on Deno. */
function setMtimeSync(fd: number, mtimeNs: bigint): void {
  const whole = mtimeNs / 1_000_000_000n
  const seconds = Number(whole) + Number(mtimeNs - whole * 1_000_000_000n) / 1e9
  fs.futimesSync(fd, seconds, seconds)
}

function writeOnce(fd: number, bytes: Uint8Array, from: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(fd, bytes, from, bytes.byteLength - from, position, (error, written) => {
      if (error === null) resolve(written)
      else reject(error)
    })
  })
}

async function write(fd: number, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < bytes.byteLength) done += await writeOnce(fd, bytes, done, position + done)
}

function read(fd: number, into: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.read(fd, into, 0, into.byteLength, position, (error, count) => {
      if (error === null) resolve(count)
      else reject(error)
    })
  })
}

function fsync(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.fsync(fd, (error) => {
      if (error === null || error === undefined) resolve()
      else reject(error)
    })
  })
}

async function readDirectory(path: string): Promise<readonly DirectoryEntry[]> {
  try {
    const entries = await fsp.readdir(path, { withFileTypes: true })
    // A name that is no UTF-8 arrives with U+FFFD in it; the path it stands for cannot be reached as text.
    return entries
      .filter((entry) => !entry.name.includes('\ufffd') || fs.existsSync(`${path}/${entry.name}`))
      .map((entry) => ({
        name: entry.name,
        kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other',
      }))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await fsp.readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

async function statfs(path: string): Promise<FileSystemStats> {
  return statsOf(await fsp.statfs(path, { bigint: true }))
}

function statsOf(stats: fs.BigIntStatsFs): FileSystemStats {
  return {
    totalBytes: stats.blocks * stats.bsize,
    availableBytes: stats.bavail * stats.bsize,
    freeBytes: stats.bfree * stats.bsize,
  }
}
