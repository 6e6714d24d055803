import { readFile } from 'node:fs/promises'
import { isStatus } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import type { DownloadSource } from '@aistore-ts/sdk/jobs/downloads.ts'
import { bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { downloadSummary } from '../../job/download-report.ts'
import { sourceLink } from '../../job/source-link.ts'
import { waitForDownload } from '../../job/wait-job.ts'
import { printLine, warn } from '../../output/messages.ts'

const usage = 'SOURCE DESTINATION'

export const startDownload: Command = {
  path: 'job start download',
  summary: 'Let the cluster fetch objects: a link, a range of links, or a list of them',
  usage,
  flags: [
    flag.text('description,desc', 'what it is for; `show job download --regex` finds it by this'),
    flag.duration('download-timeout', 'for one object'),
    flag.size('limit-bph', 'bytes an hour, of all targets together'),
    flag.integer('max-conns', 'objects at once on each target'),
    flag.text(
      'object-list,from',
      'a file with a JSON list of names below SOURCE, or of names to links',
    ),
    flag.duration('progress-interval', 'how often targets report'),
    flag.switch('sync', 'with a remote bucket: also remove what it has no more'),
    flag.duration('timeout', 'with --wait or --progress: give up after this long'),
    flag.switch('wait', 'until all is there'),
    sharedFlags.progress,
    sharedFlags.units,
  ],
  async run(context) {
    const { args, client, config, flags, signal } = context
    const [from, to] = args
    if (from === undefined || to === undefined) throw missingArguments(usage)
    if (args.length > 2) {
      throw new UsageError(
        `too many arguments - expected 2, got ${args.length}.\nFor range download, enclose source in quotation marks, e.g.: "gs://imagenet/train-{00..99}.tgz"`,
      )
    }
    const { bck, name } = parseObject(to, config.default_provider, true)
    await tellOfNewBucket(context, bck)
    const id = await client.downloads.start(
      bck,
      await sourceOf(context, from, name),
      {
        description: flags.text('description'),
        timeout: goDuration(flags.durationMs('download-timeout')),
        progressInterval: goDuration(flags.durationMs('progress-interval')),
        connectionsMax: flags.integer('max-conns'),
        bytesPerHour: flags.size('limit-bph'),
      },
      signal,
    )
    printLine(context, `Started download job ${id}`)
    if (!flags.has('wait') && !flags.has('progress')) {
      return printLine(context, `To monitor the progress, run 'ais show job ${id} --progress'`)
    }
    const timeoutMs = flags.durationMs('timeout')
    const over = await waitForDownload(context, id, { progress: flags.has('progress'), timeoutMs })
    context.terminal.out(downloadSummary(over, true))
    if (over.error_cnt > 0 || over.aborted) {
      throw new CommandError(`download ${id}: ${over.error_cnt} of ${over.scheduled_cnt} failed`)
    }
  },
}

const goDuration = (ms: number | undefined) => (ms === undefined ? undefined : `${ms}ms`)

async function tellOfNewBucket(
  context: Context,
  bck: Parameters<typeof bckCname>[0],
): Promise<void> {
  try {
    await context.client.bucket(bck).head({ signal: context.signal })
  } catch (error) {
    if (!isStatus(error, 404)) throw error
    warn(
      context,
      `destination bucket ${bckCname(bck)} doesn't exist. Bucket with default properties will be created.`,
    )
  }
}

/** @throws CommandError when the list cannot be read */
async function sourceOf({ flags }: Context, from: string, name: string): Promise<DownloadSource> {
  const link = sourceLink(from)
  const file = flags.text('object-list')
  if (file !== undefined) return { objects: await listedObjects(file, link, name) }
  if (/\{[^{}]*\.\.[^{}]*\}/.test(link)) return { template: link, folder: name }
  const last =
    link
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) ?? ''
  return { link, objectName: name.endsWith('/') ? name + last : name }
}

async function listedObjects(
  file: string,
  link: string,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  const refuse = (why: string) => new CommandError(`list of objects "${file}": ${why}`)
  let data: unknown
  try {
    data = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error))
  }
  const below = (name: string) => `${folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`}${name}`
  const pairs: [string, string][] = []
  if (Array.isArray(data)) {
    for (const name of data) {
      if (typeof name !== 'string') throw refuse('expecting names')
      pairs.push([below(name), `${link.replace(/\/+$/, '')}/${name}`])
    }
  } else if (typeof data === 'object' && data !== null) {
    for (const [name, to] of Object.entries(data)) {
      if (typeof to !== 'string') throw refuse('expecting names and their links')
      pairs.push([below(name), sourceLink(to)])
    }
  } else throw refuse('expecting a JSON list of names, or an object of names and links')
  return Object.fromEntries(pairs)
}
