import { fileBody } from '@aistore-ts/sdk/node/file-body.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { formatSize } from '../../format/size.ts'
import { messageOf } from '../../output/format-error.ts'
import { printLine } from '../../output/messages.ts'
import { Progress } from '../../output/progress.ts'
import { addSource, emptySelection } from '../../transfer/local-files.ts'

const usage = 'FILE|DIRECTORY[/PATTERN] [ FILE|DIRECTORY[/PATTERN] ...] BUCKET/OBJECT_NAME'

export const objectConcat: Command = {
  path: 'object concat',
  summary: 'Append files and directories to one object, new or existing',
  usage,
  flags: [sharedFlags.recursive, sharedFlags.units, sharedFlags.progress],
  run: concatenate,
}

/** All arguments but the last are sources, in this order. */
export async function concatenate(context: Context): Promise<void> {
  const { args, client, flags, config } = context
  if (args.length === 0) throw missingArguments(usage)
  const destination = args.at(-1)
  if (args.length < 2 || destination === undefined) {
    throw missingArguments('destination object in the form BUCKET/OBJECT_NAME')
  }
  const { bck, name } = parseObject(destination, config.default_provider)
  const selection = emptySelection()
  for (const source of args.slice(0, -1)) {
    await addSource(selection, source, {
      prefix: '',
      recursive: flags.has('recursive'),
      includeSourceDir: false,
    })
  }
  const total = selection.files.reduce((sum, file) => sum + file.sizeBytes, 0)
  const object = client.bucket(bck).object(name)
  const bar = { label: 'Progress:', kind: 'size' as const, total, current: 0 }
  let progress: Progress | undefined
  if (flags.has('progress')) {
    printLine(context, `Compose ${args.slice(0, -1).join(' ')} as ${object.cname}`)
    progress = new Progress(context.terminal, [bar], context.now)
  }
  const writer = object.appendWriter(context.signal)
  for (const file of selection.files) {
    try {
      await writer.append(await fileBody(file.path))
    } catch (error) {
      throw new CommandError(`${messageOf(error)}. Object not created`)
    }
    progress?.add(0, file.sizeBytes)
  }
  await writer.flush()
  progress?.finish()
  printLine(context, `\nCreated ${object.cname} (size ${formatSize(total, flags.units())})`)
}
