import { z } from 'zod'
import { hrwTarget } from '../../cluster/hrw.ts'
import type { Snode } from '../../cluster/snode.ts'
import { isAisError } from '../../errors/ais-error.ts'
import { checkBucketAccess } from '../../node/access.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { removeObject } from '../../target/remove-object.ts'
import { findObject, placeObject, type TargetBucket, type TargetNode } from '../../target/target.ts'
import { selectionOf } from '../../wire/list-range.ts'
import { strict } from '../../wire/strict.ts'
import { objectTarget } from '../../wire/target.ts'
import { chosenNames, eachObject, selectionShape, workersOf } from '../object-selection.ts'
import { plainTraits, type Work, type XactionContext, type XactionKind } from '../xaction-kind.ts'

/** Time in which a peer deletes an object, ms. */
const removeTimeoutMs = 30_000

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
    if (!isAisError(error)) throw error
    if (error.code === 'ErrNotFound') return {}
    const owner = hrwTarget(target.metadata.smap(), place.uname)
    const hasMoved = error.code === 'ErrNotReady' && owner.daemonId !== target.self().daemonId
    if (!hasMoved) throw error
    return removeAt(target, owner, objectTarget(bucket.bck, name))
  }
}

/** The name became another target's while the job was on its way to it. */
async function removeAt({ transport }: TargetNode, owner: Snode, path: string): Promise<Work> {
  const call = { method: 'DELETE', target: path }
  const answer = await transport.call(owner, 'data', call, removeTimeoutMs)
  if (answer.status === 404) {
    await answer.bytes()
    return {}
  }
  await checkStatus(answer)
  return { objects: 1 }
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
  workers: (message) => workersOf(message['num-workers']),
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
