import { z } from 'zod'
import { isAisError } from '../../errors/ais-error.ts'
import { buildShardIndex, indexState } from '../../target/archive/shard-index.ts'
import { findObject, placeObject, type TargetBucket } from '../../target/target.ts'
import { strict } from '../../wire/strict.ts'
import { chosenNames, eachObject, workersOf } from '../object-selection.ts'
import { plainTraits, type Work, type XactionContext, type XactionKind } from '../xaction-kind.ts'

const messageSchema = z.strictObject({
  prefix: z.string().default(''),
  'num-workers': z.int().default(0),
  'skip-verify': z.boolean().default(false),
})

type Message = z.output<typeof messageSchema>

async function* tarsOf(context: XactionContext, bucket: TargetBucket, prefix: string) {
  for await (const chosen of chosenNames(context, bucket, { kind: 'prefix', prefix }, true)) {
    if (chosen.name.endsWith('.tar')) yield chosen
  }
}

async function indexOne(
  { target, signal }: XactionContext,
  bucket: TargetBucket,
  name: string,
  trusts: boolean,
): Promise<Work> {
  const place = placeObject(target, bucket, name)
  const found = findObject(target, place)
  if (found === undefined) return {}
  const { state } = indexState(target, place, found.meta)
  if (state === 'valid' || (trusts && state !== 'absent')) return {}
  try {
    const sizeBytes = await buildShardIndex(target, place, signal)
    return sizeBytes === undefined ? {} : { objects: 1, bytes: sizeBytes }
  } catch (error) {
    if (isAisError(error, 'ErrNotFound')) return {}
    throw error
  }
}

/**
 * `index-shard`: finds out where the files inside TAR shards lie, so that one of them is read without those before it. A
 * shard that cannot be read is told of, and the others go on. @see AIStore xact/xs/shard_idx.go
 */
export const indexShard: XactionKind<Message> = {
  kind: 'index-shard',
  traits: { ...plainTraits, title: 'shard-index', exclusive: true, resumes: true },
  parse: (value) => strict(messageSchema, value ?? {}, 'index-shard message'),
  workers: (message) => workersOf(message['num-workers']),
  async *run(message, context) {
    const { bucket, signal } = context
    if (bucket === undefined) return
    const options = { workers: workersOf(message['num-workers']), goesOn: true, signal }
    const trusts = message['skip-verify']
    yield* eachObject(tarsOf(context, bucket, message.prefix), options, ({ name }) =>
      indexOne(context, bucket, name, trusts),
    )
  },
}
