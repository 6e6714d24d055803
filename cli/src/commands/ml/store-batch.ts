import { open, rename, rm } from 'node:fs/promises'
import { type BatchEntry, type BatchFormat, fetchBatch } from '@aistore-ts/sdk/batch.ts'
import type { Bck } from '@aistore-ts/sdk/names/bck.ts'
import { shardFormat } from '@aistore-ts/sdk/node/write-shard.ts'
import { CommandError } from '../../arguments/usage-error.ts'
import type { Context } from '../../command.ts'
import { confirm, printLine } from '../../output/messages.ts'

/** The format that an archive's name says. @throws CommandError */
export function checkArchiveName(file: string): BatchFormat {
  const format = shardFormat(file)
  if (format !== undefined) return format
  throw new CommandError(`unknown filename extension (${JSON.stringify(file)})`)
}

async function store(file: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const draft = `${file}.${process.pid}.part`
  try {
    const out = await open(draft, 'w')
    try {
      for await (const chunk of chunks) await out.writeFile(chunk)
    } finally {
      await out.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/**
 * Gets a batch into a local file, which is there when all of it is; `false` when what is there already is to stay.
 * @param bck of entries that name no bucket
 */
export async function storeBatch(
  context: Context,
  entries: readonly BatchEntry[],
  file: string,
  bck: Bck | undefined,
): Promise<boolean> {
  const { client, flags, signal } = context
  const format = checkArchiveName(file)
  const isThere = await open(file, 'r').then(
    (handle) => handle.close().then(() => true),
    () => false,
  )
  const overwrite = `overwrite existing ${JSON.stringify(file)}`
  if (isThere && !flags.has('yes') && !(await confirm(context, overwrite))) return false
  const response = await fetchBatch(client.connection, entries, format, {
    bck,
    continueOnError: flags.has('cont-on-err'),
    onlyObjectName: flags.has('omit-src-bck'),
    signal,
  })
  await store(file, response.chunks())
  if (flags.has('non-verbose')) return true
  const text = flags.has('streaming')
    ? `Streamed ${entries.length} objects to ${file}`
    : `Created ML batch archive ${file} with ${entries.length} objects`
  printLine(context, text)
  return true
}
