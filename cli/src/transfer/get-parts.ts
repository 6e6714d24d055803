import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { isStatus } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import type { Bck } from '@aistore-ts/sdk/names/bck.ts'
import { downloadParts } from '@aistore-ts/sdk/node/download-parts.ts'
import { CommandError } from '../arguments/usage-error.ts'
import type { Context } from '../command.ts'
import { printLine } from '../output/messages.ts'
import { Progress } from '../output/progress.ts'

/** Ranges unless `--chunk-size` and `--num-workers` say otherwise. @see AIStore api/mpt.go */
const chunkBytesDefault = 8 * 1024 * 1024
const workersDefault = 16

/** Gets one object into `file` by several range reads at a time (`--mpd`). @throws CommandError when it is no place for that */
export async function getParts(
  context: Context,
  bck: Bck,
  name: string,
  file: string,
): Promise<void> {
  const { client, flags, signal, terminal } = context
  const info = await stat(file).catch(() => undefined)
  if (file === '-' || (info !== undefined && !info.isFile())) {
    throw new CommandError(`--mpd needs a regular file to write to, not "${file}"`)
  }
  const object = client.bucket(bck).object(name)
  await mkdir(path.dirname(file), { recursive: true })
  let progress: Progress | undefined
  if (flags.has('progress')) {
    const { sizeBytes: total } = await object.head(['size'], { signal })
    progress = new Progress(
      terminal,
      [{ label: name, kind: 'size', total, current: 0 }],
      context.now,
    )
  }
  try {
    await downloadParts(object, file, {
      chunkBytes: flags.size('chunk-size') || chunkBytesDefault,
      workersMax: flags.integer('num-workers') ?? workersDefault,
      onBytes: (bytes) => progress?.add(0, bytes),
      signal,
    })
  } catch (error) {
    if (!isStatus(error, 404) || error.tcode === 'ErrBckNotFound') throw error
    throw new CommandError(`object "${object.cname}" does not exist`)
  }
  progress?.finish()
  printLine(context, `GET ${object.cname}`)
}
