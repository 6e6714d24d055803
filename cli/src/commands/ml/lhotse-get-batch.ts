import type { BatchEntry } from '@aistore-ts/sdk/batch.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { expandTemplate, parseTemplate } from '../../arguments/template.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { printLine } from '../../output/messages.ts'
import { readCuts } from './lhotse-cuts.ts'
import { storeBatch } from './store-batch.ts'

const usage = '--cuts MANIFEST DST_ARCHIVE | --batch-size N --output-template TEMPLATE'

/** Samples a second that audio may have. @see AIStore cmd/cli/cli/lhotse.go */
const rateMin = 1_000
const rateMax = 384_000

export const mlLhotseGetBatch: Command = {
  path: 'ml lhotse-get-batch',
  summary: 'Get what the cuts of a Lhotse manifest name, as one archive or many',
  usage,
  argsMax: 1,
  flags: [
    flag.text('cuts', 'manifest: .jsonl, .jsonl.gz or .jsonl.lz4'),
    flag.integer('sample-rate', 'samples a second: only those of each cut are taken'),
    flag.integer('batch-size', 'cuts of each archive'),
    flag.text('output-template', "names of the archives: 'batch-{001..999}.tar'"),
    flag.switch('omit-src-bck', 'names in the archive without those of the buckets'),
    flag.switch('streaming', 'accepted: it always streams'),
    sharedFlags.contOnErr,
    sharedFlags.nonVerbose,
    sharedFlags.yes,
  ],
  async run(context) {
    const { args, flags, signal } = context
    const manifest = flags.text('cuts')
    if (manifest === undefined) throw missingArguments(usage)
    const rate = flags.integer('sample-rate')
    if (rate !== undefined && (rate < rateMin || rate > rateMax)) {
      throw new UsageError(`--sample-rate ${rate}: expecting ${rateMin} to ${rateMax}`)
    }
    const cuts = readCuts(manifest, rate, signal)
    const size = flags.integer('batch-size')
    const template = flags.text('output-template')
    if ((size === undefined) !== (template === undefined)) {
      throw new UsageError('--batch-size and --output-template go together')
    }
    if (size !== undefined && size < 1) throw new UsageError(`--batch-size ${size}: at least 1`)
    const [file] = args
    if (template === undefined) {
      if (file === undefined) throw missingArguments(usage)
      return storeAll(context, cuts, Number.POSITIVE_INFINITY, [file].values())
    }
    if (file !== undefined) throw new UsageError(`${file}: --output-template names the archives`)
    return storeAll(context, cuts, size ?? 1, expandTemplate(parseTemplate(template)))
  },
}

/** An archive for every `size` cuts, under the names that come. @throws CommandError no name is left */
async function storeAll(
  context: Context,
  cuts: AsyncIterable<BatchEntry>,
  size: number,
  files: Iterator<string>,
): Promise<void> {
  let entries: BatchEntry[] = []
  let batches = 0
  let total = 0
  async function flush(): Promise<void> {
    const next = files.next()
    if (next.done === true) {
      throw new CommandError(`the template has no name left after ${batches} archives`)
    }
    if (await storeBatch(context, entries, next.value, undefined)) batches += 1
    total += entries.length
    entries = []
  }
  for await (const cut of cuts) {
    entries.push(cut)
    if (entries.length === size) await flush()
  }
  if (entries.length > 0) await flush()
  if (total === 0) throw new CommandError('nothing to get: the manifest has no cuts')
  if (context.flags.has('non-verbose') || size === Number.POSITIVE_INFINITY) return
  printLine(context, `Generated ${batches} batches from ${total} cuts`)
}
