import { z } from 'zod'
import { isAisError } from '../../errors/ais-error.ts'
import { checkBucketAccess } from '../../node/access.ts'
import { removeObject } from '../../target/remove-object.ts'
import { findObject, placeObject, type TargetBucket } from '../../target/target.ts'
import { selectionOf } from '../../wire/list-range.ts'
import { strict } from '../../wire/strict.ts'
import { chosenNames, eachObject, selectionShape, workersOf } from '../object-selection.ts'
import { plainTraits, type Work, type XactionContext, type XactionKind } from '../xaction-kind.ts'

const messageSchema = z.strictObject(selectionShape)

/** Deletes one object; one that is not there is deleted already. */
async function removeOne(
  { target }: XactionContext,
  bucket: TargetBucket,
  name: string,
): Promise<Work> {
  const place = placeObject(target, bucket, name)
  const bytes = findObject(target, place)?.meta.sizeBytes
  try {
    await removeObject(target, place)
    return { objects: 1, bytes: bytes ?? 0 }
  } catch (error) {
    if (isAisError(error) && error.code === 'ErrNotFound') return {}
    throw error
  }
}

/** `delete-listrange`: objects by list, range, or prefix. Names of no object are passed over. */
export const deleteObjects: XactionKind<z.output<typeof messageSchema>> = {
  kind: 'delete-listrange',
  traits: { ...plainTraits, title: 'delete-objects', resumes: true },
  parse(value) {
    const message = strict(messageSchema, value ?? {}, 'delete-objects message')
    selectionOf(message)
    return message
  },
  check(_message, { bucket }) {
    if (bucket) checkBucketAccess(bucket.bck, bucket.props, 'DELETE-OBJECT')
  },
  async *run(message, context) {
    const { bucket, signal } = context
    if (bucket === undefined) return
    const recursive = !message['non-recurs']
    const names = chosenNames(context, bucket, selectionOf(message), recursive)
    const options = { workers: workersOf(message['num-workers']), goesOn: message.coer, signal }
    yield* eachObject(names, options, ({ name }) => removeOne(context, bucket, name))
  },
}
