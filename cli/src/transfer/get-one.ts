import { createWriteStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { isStatus } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { type Bck, bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { downloadFile } from '@aistore-ts/sdk/node/download-file.ts'
import { type ArchiveMatch, archiveModes } from '@aistore-ts/sdk/object-handle.ts'
import type { ObjectReader } from '@aistore-ts/sdk/object-reader.ts'
import { CommandError } from '../arguments/usage-error.ts'
import type { Context } from '../command.ts'
import { formatSize } from '../format/size.ts'
import { confirm, printLine } from '../output/messages.ts'
import { Progress } from '../output/progress.ts'
import { createChecksummer } from './compute-checksum.ts'
import { getParts } from './get-parts.ts'

export interface GetOneOptions {
  /** Say nothing on success. */
  readonly quiet: boolean
  /** Told of every chunk. */
  readonly onBytes?: ((bytes: number) => void) | undefined
  /** The destination was settled by the caller: no questions. */
  readonly exactPath?: boolean
  /** One file inside the object, which is an archive; else as the flags say. */
  readonly archivePath?: string
}

const discardPaths: ReadonlySet<string> = new Set(['/dev/null', 'dev/null', 'dev/nil'])

/** Gets one object into a file, a directory, standard output (`-`) or nowhere (`/dev/null`). */
export async function getOne(
  context: Context,
  bck: Bck,
  name: string,
  out: string,
  options: GetOneOptions,
): Promise<void> {
  const { client, flags, signal } = context
  const object = client.bucket(bck).object(name)
  if (flags.has('check-cached')) return printPresence(context, bck, name)
  const archivePath = options.archivePath ?? flags.text('archpath')
  const file = options.exactPath
    ? out
    : await destination(context, path.basename(archivePath ?? name), out)
  if (file === undefined) return
  if (flags.has('mpd') && !options.exactPath) return getParts(context, bck, name, file)
  const length = flags.size('length') ?? 0
  const start = flags.size('offset') ?? 0
  let reader: ObjectReader
  try {
    reader = await object.get({
      range: length > 0 ? { start, length } : undefined,
      latest: flags.has('latest'),
      archivePath,
      archiveMatch: matchOf(context),
      archiveMime: flags.text('archmime'),
      signal,
    })
  } catch (error) {
    if (!isStatus(error, 404) || archivePath !== undefined) throw error
    throw new CommandError(
      error.tcode === 'ErrBckNotFound' ? error.message : `object "${object.cname}" does not exist`,
    )
  }
  const written = await receive(context, reader, file, name, options)
  if (options.quiet || file === '-') return
  const discard = discardPaths.has(file)
  const where = discard ? '' : ` as ${file.replace(/\/$/, '')}`
  const verb = `${flags.has('length') ? 'Read' : 'GET'}${discard ? ' and discard' : ''}`
  if (flags.has('length')) {
    printLine(context, `${verb} range (length ${written} at offset ${start})${where}`)
    return
  }
  const size = written > 0 ? ` (${formatSize(written, flags.units())})` : ''
  const what =
    archivePath === undefined
      ? `${name} from ${bckCname(bck)}`
      : `${archivePath} from ${object.cname}`
  printLine(context, `${verb} ${what}${where}${size}`)
}

/** Which files of an archive are meant. @throws CommandError */
function matchOf({ flags }: Context): ArchiveMatch | undefined {
  const pattern = flags.text('archregx')
  const named = flags.text('archmode')
  if (pattern === undefined) {
    if (named === undefined) return undefined
    throw new CommandError('--archmode requires --archregx')
  }
  if (flags.has('archpath')) {
    throw new CommandError('--archpath and --archregx cannot be used together')
  }
  const mode = archiveModes.find((one) => one === (named ?? 'regexp'))
  if (mode !== undefined) return { pattern, mode }
  throw new CommandError(
    `--archmode: invalid ${JSON.stringify(named)}, expecting one of ${archiveModes.join(', ')}`,
  )
}

async function receive(
  context: Context,
  reader: ObjectReader,
  file: string,
  name: string,
  options: GetOneOptions,
): Promise<number> {
  const { flags, terminal } = context
  const { checksum } = reader.attributes
  const check = flags.has('checksum') && reader.status === 200 ? checksum : undefined
  const checksummer = check === undefined ? undefined : await createChecksummer(check.type)
  const total = reader.attributes.sizeBytes
  const bar = { label: name, kind: 'size' as const, total, current: 0 }
  const progress =
    flags.has('progress') && options.onBytes === undefined && file !== '-'
      ? new Progress(terminal, [bar], context.now)
      : undefined
  const onChunk = (bytes: number, chunk: Uint8Array) => {
    checksummer?.update(chunk)
    progress?.add(0, bytes)
    options.onBytes?.(bytes)
  }
  const written = await store(context, reader, file, onChunk)
  progress?.finish()
  if (check !== undefined && checksummer !== undefined) {
    const actual = checksummer.hex()
    if (actual !== check.value) {
      throw new CommandError(
        `checksum of "${name}": expected ${check.type}[${check.value}], actual ${check.type}[${actual}]`,
      )
    }
  }
  return written
}

async function store(
  { terminal }: Context,
  reader: ObjectReader,
  file: string,
  onChunk: (bytes: number, chunk: Uint8Array) => void,
): Promise<number> {
  if (file !== '-' && !discardPaths.has(file)) {
    await mkdir(path.dirname(file), { recursive: true })
    if (await isSpecial(file)) return storeSpecial(reader, file, onChunk)
    return downloadFile(reader, file, onChunk)
  }
  let written = 0
  for await (const chunk of reader.chunks()) {
    if (file === '-') await terminal.write(chunk)
    written += chunk.byteLength
    onChunk(chunk.byteLength, chunk)
  }
  return written
}

/** A pipe or device is written to as it is; it cannot be replaced by a finished file. */
async function storeSpecial(
  reader: ObjectReader,
  file: string,
  onChunk: (bytes: number, chunk: Uint8Array) => void,
): Promise<number> {
  const stream = createWriteStream(file)
  let written = 0
  for await (const chunk of reader.chunks()) {
    if (!stream.write(chunk))
      await new Promise<void>((resolve) => stream.once('drain', () => resolve()))
    written += chunk.byteLength
    onChunk(chunk.byteLength, chunk)
  }
  await new Promise<void>((resolve, reject) => {
    stream.on('error', reject)
    stream.end(() => resolve())
  })
  return written
}

async function isSpecial(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => undefined)
  return info !== undefined && !info.isFile()
}

/** Where it goes: `undefined` when the user does not want to overwrite. */
async function destination(
  context: Context,
  base: string,
  out: string,
): Promise<string | undefined> {
  if (out === '') return base
  if (out === '-' || discardPaths.has(out)) return out
  const info = await stat(out).catch(() => undefined)
  if (info?.isDirectory() === true) return path.join(out, base)
  if (info?.isFile() !== true || context.flags.has('yes')) return out
  return (await confirm(context, `overwrite existing "${out}"`)) ? out : undefined
}

async function printPresence(context: Context, bck: Bck, name: string): Promise<void> {
  const object = context.client.bucket(bck).object(name)
  try {
    await object.head(['name'], { presence: presentNoProps, signal: context.signal })
    printLine(context, `${object.cname} is present (is cached)`)
  } catch (error) {
    if (!isStatus(error, 404)) throw error
    printLine(context, `${object.cname} is not present ("not cached") in cluster`)
  }
}

/** @see AIStore apc.FltPresentNoProps */
const presentNoProps = 3
