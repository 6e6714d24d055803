import { z } from 'zod'
import { AisError } from '../../errors/ais-error.ts'
import { bckMessageSchema } from '../../wire/bck-message.ts'
import { listRangeShape, selectionOf } from '../../wire/list-range.ts'
import { strict } from '../../wire/strict.ts'

const copyShape = {
  prepend: z.string().default(''),
  prefix: z.string().default(''),
  dry_run: z.boolean().default(false),
  force: z.boolean().default(false),
  'latest-ver': z.boolean().default(false),
  synchronize: z.boolean().default(false),
  'non-recurs': z.boolean().default(false),
  ext: z.record(z.string(), z.string()).optional(),
  'num-workers': z.int().default(0),
  coer: z.boolean().default(false),
  id: z.string().optional(),
  pipeline: z.array(z.string()).optional(),
  request_timeout: z.string().optional(),
}

const copyBucketSchema = z.strictObject(copyShape)
const copyObjectsSchema = z.strictObject({
  ...copyShape,
  ...listRangeShape,
  tobck: bckMessageSchema,
  TxnUUID: z.string().default(''),
})

/** How objects are copied, of a whole bucket or of some. @see AIStore api/apc/tcbtco.go */
export type CopyMessage = z.output<typeof copyBucketSchema>
export type CopyObjectsMessage = z.output<typeof copyObjectsSchema>

function checked<M extends CopyMessage>(message: M): M {
  const isNamedAnew = message.prepend !== '' || Object.keys(message.ext ?? {}).length > 0
  if (isNamedAnew && message.synchronize) {
    throw new AisError(
      'ErrBadRequest',
      `prepend option ("${message.prepend}") and ext are incompatible with synchronize`,
    )
  }
  const transform = [message.id ?? '', ...(message.pipeline ?? [])].find((one) => one !== '')
  if (transform === undefined) return message
  throw new AisError('ErrNotImpl', `cannot transform by "${transform}": there are no ETLs (id)`)
}

/** The value of `copy-bck`. @throws AisError `ErrBadRequest`, `ErrNotImpl` of a transform */
export function parseCopyBucket(value: unknown): CopyMessage {
  return checked(strict(copyBucketSchema, value ?? {}, 'copy-bucket message'))
}

/** The value of `copy-listrange`. @throws AisError as `parseCopyBucket` */
export function parseCopyObjects(value: unknown): CopyObjectsMessage {
  const message = checked(strict(copyObjectsSchema, value ?? {}, 'copy-objects message'))
  selectionOf(message)
  return message
}

/** The name of the copy: another extension first, then what goes before it. */
export function copyName({ ext, prepend }: Pick<CopyMessage, 'ext' | 'prepend'>, name: string) {
  const mark = name.lastIndexOf('.')
  const extension = name.slice(mark + 1)
  const replaced =
    ext !== undefined && mark >= 0 && Object.hasOwn(ext, extension) ? ext[extension] : undefined
  const stem =
    replaced === undefined ? name : name.slice(0, mark + 1) + replaced.replace(/^\.+/, '')
  return prepend + stem
}
