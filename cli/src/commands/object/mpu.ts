import { stat } from 'node:fs/promises'
import { AisClientError } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { fileBody } from '@aistore-ts/sdk/node/file-body.ts'
import { type ObjectArgument, parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { messageOf } from '../../output/format-error.ts'
import { printLine } from '../../output/messages.ts'

const uploadId = flag.text('upload-id', 'ID of the upload, as "mpu create" printed it')

function place(verb: string) {
  return { path: `object multipart-upload ${verb}`, alsoAt: [`object mpu ${verb}`] }
}

export const mpuCreate: Command = {
  ...place('create'),
  summary: 'Start an upload in parts',
  usage: 'BUCKET/OBJECT_NAME',
  argsMax: 1,
  flags: [sharedFlags.verbose, sharedFlags.encodeObjname],
  async run(context) {
    const object = handle(context, target(context, 'BUCKET/OBJECT_NAME'))
    const upload = await object.createMultipartUpload(context.signal)
    if (context.flags.has('verbose')) {
      printLine(context, `Created multipart upload for ${object.cname}`)
    }
    printLine(context, `Upload ID: ${upload.id}`)
  },
}

export const mpuPutPart: Command = {
  ...place('put-part'),
  summary: 'Upload one part, in any order',
  usage: 'BUCKET/OBJECT_NAME [UPLOAD_ID] [PART_NUMBER] FILE_PATH',
  argsMax: 4,
  flags: [
    uploadId,
    flag.integer('part-number', 'number of the part, from 1 on'),
    sharedFlags.verbose,
    sharedFlags.progress,
    sharedFlags.encodeObjname,
  ],
  async run(context) {
    const what = target(context, mpuPutPart.usage)
    const rest = context.args.slice(1)
    const id = context.flags.text('upload-id') ?? rest.shift()
    const number = context.flags.integer('part-number') ?? Number(rest.shift())
    const [file] = rest
    if (id === undefined || file === undefined) throw missingArguments(mpuPutPart.usage)
    if (!Number.isInteger(number) || number < 1) {
      throw new UsageError('part number must be positive')
    }
    const info = await stat(file).catch(() => undefined)
    if (info?.isFile() !== true) throw new CommandError(`"${file}" is not a file`)
    const object = handle(context, what)
    const body = await fileBody(file)
    await telling(`failed to upload part ${number}`, () =>
      object.multipartUpload(id).putPart(number, body, { signal: context.signal }),
    )
    printLine(context, `Uploaded part ${number} for ${object.cname} (upload ID: ${id})`)
  },
}

export const mpuComplete: Command = {
  ...place('complete'),
  summary: 'Make an object of uploaded parts',
  usage: 'BUCKET/OBJECT_NAME [UPLOAD_ID] [PART_NUMBERS]',
  argsMax: 3,
  flags: [
    uploadId,
    flag.text('part-numbers', 'numbers of the parts, separated by commas'),
    sharedFlags.verbose,
    sharedFlags.encodeObjname,
  ],
  async run(context) {
    const what = target(context, mpuComplete.usage)
    const rest = context.args.slice(1)
    const id = context.flags.text('upload-id') ?? rest.shift()
    const list = context.flags.text('part-numbers') ?? rest.shift()
    if (id === undefined || list === undefined) throw missingArguments(mpuComplete.usage)
    const numbers = list.split(',').map((text) => Number(text.trim()))
    if (numbers.some((number) => !Number.isInteger(number) || number < 1)) {
      throw new UsageError(`invalid part numbers ${JSON.stringify(list)}`)
    }
    const object = handle(context, what)
    await telling('failed to complete multipart upload', () =>
      object.multipartUpload(id).complete(numbers, context.signal),
    )
    printLine(context, `Successfully completed multipart upload for ${object.cname}`)
  },
}

export const mpuAbort: Command = {
  ...place('abort'),
  summary: 'Give an upload up and drop its parts',
  usage: 'BUCKET/OBJECT_NAME [UPLOAD_ID]',
  argsMax: 2,
  flags: [uploadId, sharedFlags.verbose, sharedFlags.encodeObjname],
  async run(context) {
    const what = target(context, mpuAbort.usage)
    const id = context.flags.text('upload-id') ?? context.args[1]
    if (id === undefined) throw missingArguments(mpuAbort.usage)
    const object = handle(context, what)
    await telling('failed to abort multipart upload', () =>
      object.multipartUpload(id).abort(context.signal),
    )
    printLine(context, `Successfully aborted multipart upload for ${object.cname}`)
  },
}

/** Says what failed before why. */
async function telling(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AisClientError)) throw error
    throw new CommandError(`${what}: ${messageOf(error)}`)
  }
}

function target(context: Context, usage: string): ObjectArgument {
  const [uri] = context.args
  if (uri === undefined) throw missingArguments(usage)
  return parseObject(uri, context.config.default_provider)
}

function handle({ client }: Context, { bck, name }: ObjectArgument) {
  return client.bucket(bck).object(name)
}
