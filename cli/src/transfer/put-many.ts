import { mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type Bck, bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { fileBody } from '@aistore-ts/sdk/node/file-body.ts'
import { CommandError } from '../arguments/usage-error.ts'
import type { Context } from '../command.ts'
import { plural } from '../format/plural.ts'
import { formatSize } from '../format/size.ts'
import { messageOf } from '../output/format-error.ts'
import { confirm, printLine, warn } from '../output/messages.ts'
import { Progress } from '../output/progress.ts'
import type { FileSelection, LocalFile } from './local-files.ts'
import { planChecksum } from './put-checksum.ts'
import { destinationText, directoryNote, overview } from './put-overview.ts'
import { runWorkers } from './run-workers.ts'

/** Files on their way at a time unless `--num-workers` says otherwise. */
const workersDefault = 10

/** Time between two lines on how far it is, ms. */
const reportMsDefault = 5000

/** Puts many files, each under its own name. @throws CommandError when any of them failed */
export async function putMany(
  context: Context,
  bck: Bck,
  prefix: string,
  selection: FileSelection,
): Promise<void> {
  const { flags, terminal } = context
  const { files } = selection
  if (files.length === 0) {
    throw new CommandError('no files to PUT (check source name and formatting, see examples)')
  }
  const totalBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
  if (totalBytes === 0 && !(await emptyIsMeant(context))) return
  terminal.out(overview(context, files))
  if (selection.leftOut > 0) warn(context, leftOutNote(selection.leftOut))
  const destination = destinationText(bck, prefix)
  const caption = `\nPUT ${files.length} file${plural(files.length)}${directoryNote(context, selection)} => ${destination}`
  if (flags.has('dry-run')) {
    printLine(context, `[DRY RUN] ${caption.trimStart()}`)
    for (const file of files) {
      printLine(context, `PUT ${file.path} -> ${bckCname(bck)}/${file.objectName}`)
    }
    return
  }
  if (!flags.has('yes') && !(await confirm(context, `${caption}?`))) return
  const failures = await putAll(context, bck, files, totalBytes)
  if (failures.length > 0) throw await failure(failures)
  printLine(context, flags.has('yes') ? caption : 'Done')
}

async function putAll(
  context: Context,
  bck: Bck,
  files: readonly LocalFile[],
  totalBytes: number,
): Promise<readonly string[]> {
  const { client, flags, terminal } = context
  const checksumOf = await planChecksum(context, bck)
  const bucket = client.bucket(bck)
  const progress = flags.has('progress')
    ? new Progress(
        terminal,
        [
          { label: 'Uploaded files:', kind: 'count', total: files.length, current: 0 },
          { label: 'Total size:    ', kind: 'size', total: totalBytes, current: 0 },
        ],
        context.now,
      )
    : undefined
  const verbose = flags.has('verbose')
  const reportMs =
    flags.durationMs('refresh') ?? (verbose ? Number.POSITIVE_INFINITY : reportMsDefault)
  const retries = flags.integer('retries') ?? 1
  const failures: string[] = []
  let reportedMs = context.now()
  let doneCount = 0
  let doneBytes = 0

  const putOne = async (file: LocalFile) => {
    for (let attempt = 0; ; attempt++) {
      try {
        const body = await fileBody(file.path)
        await bucket.object(file.objectName).put(body, {
          checksum: await checksumOf(file.path),
          skipVersionCheck: flags.has('skip-vc'),
          signal: context.signal,
        })
        if (verbose && progress === undefined) {
          printLine(context, `${file.path} -> ${file.objectName}`)
        }
        return
      } catch (error) {
        context.signal.throwIfAborted()
        if (attempt < retries) continue
        failures.push(file.path)
        terminal.err(
          `Failed to PUT ${file.path} => ${bckCname(bck)}/${file.objectName}: ${messageOf(error)}\n`,
        )
        return
      }
    }
  }

  await runWorkers(files, flags.integer('num-workers') ?? workersDefault, async (file) => {
    await putOne(file)
    doneCount++
    doneBytes += file.sizeBytes
    progress?.add(0, 1)
    progress?.add(1, file.sizeBytes)
    const now = context.now()
    if (progress !== undefined || now - reportedMs < reportMs) return
    reportedMs = now
    const percent = (part: number, whole: number) => Math.floor((100 * part) / (whole || 1))
    printLine(
      context,
      `Uploaded ${doneCount}(${percent(doneCount, files.length)}%) objects, ${formatSize(doneBytes, 'iec', 1)} (${percent(doneBytes, totalBytes)}%).`,
    )
  })
  progress?.finish()
  return failures
}

function leftOutNote(count: number): string {
  const what = count === 1 ? 'one entry is' : `${count} entries are`
  return `${what} left out: links to directories, dangling links and special files become no objects`
}

async function emptyIsMeant(context: Context): Promise<boolean> {
  const text = 'PUT: total size of all files is zero'
  if (!context.flags.has('yes')) return confirm(context, `${text} - proceed anyway?`)
  warn(context, text)
  return true
}

/** The names of the files that failed are kept in a file of their own. */
async function failure(failures: readonly string[]): Promise<CommandError> {
  const what = `failed to PUT ${failures.length} file${plural(failures.length)}`
  try {
    const folder = await mkdtemp(path.join(os.tmpdir(), '.ais-put-failures.'))
    const file = path.join(folder, 'failures.log')
    await writeFile(file, failures.map((name) => `${name}\n`).join(''))
    return new CommandError(`${what} ("${file}")`)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return new CommandError(`${what} (failed to create failure log: ${why})`)
  }
}
