import type { Bck } from '@aistore-ts/sdk/names/bck.ts'
import { fileBody } from '@aistore-ts/sdk/node/file-body.ts'
import type { ObjectHandle } from '@aistore-ts/sdk/object-handle.ts'
import { CommandError } from '../arguments/usage-error.ts'
import type { Context } from '../command.ts'
import { formatSize, parseSize } from '../format/size.ts'
import { messageOf } from '../output/format-error.ts'
import { printLine } from '../output/messages.ts'
import { Progress } from '../output/progress.ts'
import { planChecksum } from './put-checksum.ts'
import { runWorkers } from './run-workers.ts'

/** A single file larger than this is offered to be sent in parts, bytes. */
const largeFileBytes = 1024 ** 3

/** Parts of a large file unless a size is given, bytes. */
const partBytesDefault = 1024 ** 2

/** Most parts an object can have. */
const partsMax = 10_000

/** Parts on their way at a time unless `--num-workers` says otherwise. */
const workersDefault = 10

/** Puts one file under one name. @throws CommandError telling which file and why */
export async function putFile(
  context: Context,
  bck: Bck,
  name: string,
  source: string,
  sizeBytes: number,
): Promise<void> {
  const { client, flags } = context
  const object = client.bucket(bck).object(name)
  const done = `"${source}" => ${object.cname}\n`
  if (flags.has('dry-run')) return printLine(context, `PUT ${done}`)
  try {
    const partBytes = await partSize(context, source, sizeBytes)
    if (partBytes !== undefined) {
      await putInParts(context, object, source, sizeBytes, partBytes)
      return printLine(context, `PUT in chunks ${done}`)
    }
    const checksumOf = await planChecksum(context, bck)
    const bar = { label: name, kind: 'size' as const, total: sizeBytes, current: 0 }
    const progress = flags.has('progress')
      ? new Progress(context.terminal, [bar], context.now)
      : undefined
    await object.put(await fileBody(source, {}, (bytes) => progress?.add(0, bytes)), {
      checksum: await checksumOf(source),
      skipVersionCheck: flags.has('skip-vc'),
      signal: context.signal,
    })
    progress?.finish()
  } catch (error) {
    throw new CommandError(`failed to PUT ${source} => ${object.cname}: ${messageOf(error)}`)
  }
  printLine(context, `PUT ${done}`)
}

/** Size of the parts, or `undefined` for a put in one piece. */
async function partSize(
  context: Context,
  source: string,
  sizeBytes: number,
): Promise<number | undefined> {
  const asked = context.flags.size('chunk-size')
  if (asked !== undefined) return asked > 0 && sizeBytes > asked ? asked : undefined
  if (sizeBytes <= largeFileBytes) return undefined
  const { terminal } = context
  terminal.out(`Large file detected: ${source} (${formatSize(sizeBytes)})\n`)
  terminal.out(
    `ENTER or 'yes' to upload in ${formatSize(partBytesDefault)} parts, 'no' for one piece, or a part size\n`,
  )
  for (;;) {
    const answer = (await terminal.ask('Choice: '))?.trim().toLowerCase()
    if (answer === undefined || answer === 'n' || answer === 'no') return undefined
    if (answer === '' || answer === 'y' || answer === 'yes') return partBytesDefault
    const bytes = parseSize(answer)
    if (bytes !== undefined && bytes > 0) return bytes
  }
}

async function putInParts(
  context: Context,
  object: ObjectHandle,
  source: string,
  sizeBytes: number,
  askedBytes: number,
): Promise<void> {
  const partBytes = Math.max(askedBytes, Math.ceil(sizeBytes / partsMax))
  const numbers = Array.from({ length: Math.ceil(sizeBytes / partBytes) }, (_, i) => i + 1)
  const bar = { label: object.name, kind: 'size' as const, total: sizeBytes, current: 0 }
  const progress = context.flags.has('progress')
    ? new Progress(context.terminal, [bar], context.now)
    : undefined
  const upload = await object.createMultipartUpload(context.signal)
  try {
    await runWorkers(
      numbers,
      context.flags.integer('num-workers') ?? workersDefault,
      async (number) => {
        const part = { offset: (number - 1) * partBytes, lengthBytes: partBytes }
        const body = await fileBody(source, part, (bytes) => progress?.add(0, bytes))
        await upload.putPart(number, body, { signal: context.signal })
      },
    )
    await upload.complete(numbers, context.signal)
  } catch (error) {
    await upload.abort().catch(() => undefined)
    throw error
  }
  progress?.finish()
}
