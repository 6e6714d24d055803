import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { LogReader } from '@aistore-ts/core/node/node-context.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import { tarFile } from './tar.ts'

type Level = 'debug' | 'info' | 'warn' | 'error'

const letters: Readonly<Record<Level, string>> = { debug: 'D', info: 'I', warn: 'W', error: 'E' }

/** Which lines a reader of a severity sees. */
const seen: Readonly<Record<'info' | 'warning' | 'error', string>> = {
  info: 'DIWE',
  warning: 'WE',
  error: 'E',
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Error) {
    return { message: value.message, stack: value.stack, cause: value.cause }
  }
  return value
}

/** One line: letter, UTC time, message, fields as JSON. */
function format(
  level: Level,
  message: string,
  fields: Record<string, unknown> | undefined,
): string {
  const time = new Date().toISOString().slice(11, 23)
  const tail = fields === undefined ? '' : ` ${JSON.stringify(fields, plain)}`
  return `${letters[level]} ${time} ${message}${tail}\n`
}

export interface NodeLogOptions {
  readonly folder: string
  /** File name without ending: the role. */
  readonly name: string
  /** Past it the file is renamed with its time and a new one begun (`log.max_size`). */
  readonly bytesMax: () => number
  /** Rotated files kept at most. */
  readonly filesMax: number
  readonly toStderr: boolean
  readonly debug: () => boolean
}

/** A node's log: one file that rotates, and the reader behind `what=log`. */
export interface NodeLog {
  readonly log: Log
  readonly reader: LogReader
  close(): Promise<void>
}

export async function openNodeLog(options: NodeLogOptions): Promise<NodeLog> {
  const { folder, name } = options
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${name}.log`)
  let stream: WriteStream = createWriteStream(path, { flags: 'a' })
  let size = await stat(path).then(
    (info) => info.size,
    () => 0,
  )
  let rotating: Promise<void> = Promise.resolve()

  function end(file: WriteStream): Promise<void> {
    return new Promise((resolve) => file.end(() => resolve()))
  }

  async function rotateNow(): Promise<void> {
    const old = stream
    await end(old)
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-')
    await rename(path, join(folder, `${name}.${stamp}.log`)).catch(() => undefined)
    stream = createWriteStream(path, { flags: 'a' })
    size = 0
    const rotated = (await rotatedFiles()).slice(0, -options.filesMax)
    for (const file of rotated) await rm(join(folder, file), { force: true })
  }

  async function rotatedFiles(): Promise<string[]> {
    const files = await readdir(folder)
    return files.filter((file) => file.startsWith(`${name}.2`) && file.endsWith('.log')).sort()
  }

  function rotate(): Promise<void> {
    rotating = rotating.then(rotateNow)
    return rotating
  }

  function write(level: Level, message: string, fields?: Record<string, unknown>): void {
    if (level === 'debug' && !options.debug()) return
    const line = format(level, message, fields)
    if (!stream.writableEnded) stream.write(line)
    size += line.length
    if (options.toStderr) process.stderr.write(line)
    if (size > options.bytesMax()) {
      size = 0
      void rotate()
    }
  }

  /** What was logged is in the file. */
  function flush(): Promise<void> {
    return new Promise((resolve) => stream.write('', () => resolve()))
  }

  const reader: LogReader = {
    async read(severity, offset) {
      await flush()
      const file = await open(path, 'r').catch(() => undefined)
      if (file === undefined) throw new AisError('ErrNotFound', `log ${name}.log does not exist`)
      try {
        const bytes = await file.readFile()
        if (offset > bytes.length) {
          throw new AisError(
            'ErrBadRequest',
            `offset ${offset} is past the end (${bytes.length}): log likely rotated (offset)`,
          )
        }
        const rest = bytes.subarray(offset)
        if (severity === 'info') return rest
        const kept = rest
          .toString('utf8')
          .split('\n')
          .filter((line) => line !== '' && seen[severity].includes(line[0] ?? ' '))
        return new TextEncoder().encode(kept.map((line) => `${line}\n`).join(''))
      } finally {
        await file.close()
      }
    },
    async archive() {
      await flush()
      const names = [...(await rotatedFiles()), `${name}.log`]
      const parts: Uint8Array[] = []
      for (const file of names) parts.push(tarFile(file, await readFile(join(folder, file))))
      return gzipSync(Buffer.concat([...parts, new Uint8Array(1024)]))
    },
    rotate,
  }

  return {
    log: {
      debug: (message, fields) => write('debug', message, fields),
      info: (message, fields) => write('info', message, fields),
      warn: (message, fields) => write('warn', message, fields),
      error: (message, fields) => write('error', message, fields),
    },
    reader,
    async close() {
      await rotating
      await end(stream)
    },
  }
}
