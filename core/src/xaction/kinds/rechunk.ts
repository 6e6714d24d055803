import { z } from 'zod'
import { AisError } from '../../errors/ais-error.ts'
import { checkBucketAccess } from '../../node/access.ts'
import { rechunkObject } from '../../target/rechunk-object.ts'
import { placeObject, type TargetBucket } from '../../target/target.ts'
import { isJsonObject } from '../../wire/json.ts'
import { strict } from '../../wire/strict.ts'
import { chosenNames, eachObject, workersOf } from '../object-selection.ts'
import { parseStart } from '../start-message.ts'
import { plainTraits, type XactionKind } from '../xaction-kind.ts'

const bytes = z.int().nonnegative()

const messageSchema = z.strictObject({
  'objsize-limit': bytes.default(0),
  'chunk-size': bytes.default(0),
  prefix: z.string().default(''),
  'sync-remote': z.boolean().default(false),
})

type Message = z.output<typeof messageSchema>

/** Absent: as the bucket's own properties have it. */
type Args = Message | undefined

/** What the `start` action of the cluster sends says nothing of sizes. */
const isStart = (value: unknown) => isJsonObject(value) && ('flags' in value || 'name' in value)

function layoutOf(args: Args, { props }: TargetBucket) {
  return args === undefined
    ? {
        objsizeLimitBytes: props.chunks.objsize_limit,
        chunkBytes: props.chunks.chunk_size,
      }
    : { objsizeLimitBytes: args['objsize-limit'], chunkBytes: args['chunk-size'] }
}

/**
 * `rechunk`: objects of at least `objsize-limit` bytes come to lie in chunks of `chunk-size`, smaller ones in one piece; with
 * a limit of 0 all of them. The parts of S3 uploads stay as they are. @see AIStore xact/xs/rechunk.go
 */
export const rechunk: XactionKind<Args> = {
  kind: 'rechunk',
  traits: {
    ...plainTraits,
    title: 'rechunk',
    startable: true,
    needsRest: true,
    exclusive: true,
    resumes: true,
  },
  parse(value) {
    if (isStart(value)) {
      parseStart(value)
      return undefined
    }
    return strict(messageSchema, value ?? {}, 'rechunk message')
  },
  check(args, { bucket }) {
    if (bucket === undefined) return
    checkBucketAccess(bucket.bck, bucket.props, 'PUT')
    if (layoutOf(args, bucket).chunkBytes > 0) return
    throw new AisError('ErrBadRequest', '"chunk-size": expecting a positive number of bytes')
  },
  async *run(args, context) {
    const { bucket, signal, target } = context
    if (bucket === undefined) return
    const prefix = args?.prefix ?? ''
    const names = chosenNames(context, bucket, { kind: 'prefix', prefix }, true)
    const options = { workers: workersOf(0), goesOn: true, signal }
    const layout = layoutOf(args, bucket)
    yield* eachObject(names, options, async ({ name }) => {
      const sizeBytes = await rechunkObject(target, placeObject(target, bucket, name), layout)
      return sizeBytes === undefined ? {} : { objects: 1, bytes: sizeBytes }
    })
  },
}
