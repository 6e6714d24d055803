import { objectUname, sameBck } from '../../bucket/bck.ts'
import { hrwTarget } from '../../cluster/hrw.ts'
import { AisError, isAisError } from '../../errors/ais-error.ts'
import { checkBucketAccess } from '../../node/access.ts'
import { checkObjectName } from '../../object/object-name.ts'
import { copyObject } from '../../target/move-object.ts'
import { loadObject, placeObject, type TargetBucket } from '../../target/target.ts'
import { type Selection, selectionOf } from '../../wire/list-range.ts'
import { type Chosen, chosenNames, eachObject, workersOf } from '../object-selection.ts'
import { plainTraits, type Work, type XactionContext, type XactionKind } from '../xaction-kind.ts'
import {
  type CopyMessage,
  type CopyObjectsMessage,
  copyName,
  parseCopyBucket,
  parseCopyObjects,
} from './copy-message.ts'
import { pruneCopy } from './prune-copy.ts'

interface Buckets {
  readonly from: TargetBucket
  readonly to: TargetBucket
}

function bucketsOf({ bucket, to }: XactionContext): Buckets {
  if (bucket !== undefined) return { from: bucket, to: to ?? bucket }
  throw new AisError('ErrBadRequest', 'the bucket to copy from is missing')
}

function checkCopy(message: CopyMessage, context: XactionContext): void {
  const { from, to } = bucketsOf(context)
  checkBucketAccess(from.bck, from.props, 'GET')
  checkBucketAccess(to.bck, to.props, 'PUT')
  const keepsNames = message.prepend === '' && message.ext === undefined
  if (sameBck(from.bck, to.bck) && keepsNames && !message.dry_run) {
    throw new AisError('ErrBadRequest', `cannot copy bucket "${from.bck.name}" onto itself`)
  }
}

/** Copies one object. What came and went since it was listed is passed over. */
async function copyOne(
  { target }: XactionContext,
  { from, to }: Buckets,
  message: CopyMessage,
  { name }: Chosen,
  mayBeAbsent: boolean,
): Promise<Work> {
  const place = placeObject(target, from, name)
  try {
    const { sizeBytes: bytes } = loadObject(target, place).meta
    const newName = copyName(message, name)
    if (message.dry_run) return { objects: 1, bytes }
    checkObjectName(newName, { forWrite: true })
    await copyObject(target, place, to, newName)
    const owner = hrwTarget(target.metadata.smap(), objectUname(to.bck, newName))
    const isHere = owner.daemonId === target.self().daemonId
    return { objects: 1, bytes, outObjects: isHere ? 0 : 1, outBytes: isHere ? 0 : bytes }
  } catch (error) {
    // As upstream: what a list names and nobody has is told of, and the others are copied all the same.
    if (isAisError(error, 'ErrNotFound')) return mayBeAbsent ? {} : { failure: error.message }
    throw error
  }
}

async function* copy(
  context: XactionContext,
  message: CopyMessage,
  selection: Selection,
): AsyncGenerator<Work, void> {
  const buckets = bucketsOf(context)
  const { signal } = context
  const recursive = !message['non-recurs']
  const names = chosenNames(context, buckets.from, selection, recursive)
  const options = { workers: workersOf(message['num-workers']), goesOn: message.coer, signal }
  const mayBeAbsent = selection.kind !== 'names' || message.synchronize
  yield* eachObject(names, options, (one) => copyOne(context, buckets, message, one, mayBeAbsent))
  if (!message.synchronize || message.dry_run || signal.aborted) return
  const copies = chosenNames(context, buckets.to, selection, recursive)
  yield* eachObject(copies, options, ({ name }) => pruneCopy(context, buckets, name))
}

/** `copy-bck`: every object of a bucket, or those under a prefix, into another one. */
export const copyBucket: XactionKind<CopyMessage> = {
  kind: 'copy-bck',
  traits: {
    ...plainTraits,
    title: 'copy-bucket',
    needsRest: true,
    exclusive: true,
    resumes: true,
  },
  parse: parseCopyBucket,
  workers: (message) => workersOf(message['num-workers']),
  check: checkCopy,
  run: (message, context) => copy(context, message, { kind: 'prefix', prefix: message.prefix }),
}

/** `copy-listrange`: objects by list, range, or prefix, into another bucket. */
export const copyObjects: XactionKind<CopyObjectsMessage> = {
  kind: 'copy-listrange',
  traits: { ...plainTraits, title: 'copy-objects', needsRest: true, idles: true, resumes: true },
  parse: parseCopyObjects,
  workers: (message) => workersOf(message['num-workers']),
  check: checkCopy,
  run(message, context) {
    const chosen = selectionOf(message)
    const all = chosen.kind === 'prefix' && chosen.prefix === ''
    return copy(context, message, all ? { kind: 'prefix', prefix: message.prefix } : chosen)
  },
}
