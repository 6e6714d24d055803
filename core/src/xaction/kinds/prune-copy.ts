import { objectUname } from '../../bucket/bck.ts'
import { hrwTarget } from '../../cluster/hrw.ts'
import { isAisError } from '../../errors/ais-error.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { removeObject } from '../../target/remove-object.ts'
import { findObject, placeObject, type TargetBucket } from '../../target/target.ts'
import { objectTarget } from '../../wire/target.ts'
import type { Work, XactionContext } from '../xaction-kind.ts'

/** Time in which a peer answers whether it has an object, ms. */
const askTimeoutMs = 30_000

/** Whether the object is there, wherever it is owned. @throws AisError when its owner cannot tell */
async function exists(
  { target }: XactionContext,
  bucket: TargetBucket,
  name: string,
): Promise<boolean> {
  const owner = hrwTarget(target.metadata.smap(), objectUname(bucket.bck, name))
  if (owner.daemonId === target.self().daemonId) {
    return findObject(target, placeObject(target, bucket, name)) !== undefined
  }
  const call = { method: 'HEAD', target: objectTarget(bucket.bck, name) }
  const answer = await target.transport.call(owner, 'data', call, askTimeoutMs)
  if (answer.status === 404) {
    await answer.bytes()
    return false
  }
  await checkStatus(answer)
  return true
}

/** Deletes a copy whose source is gone. Names are the same on both sides. */
export async function pruneCopy(
  context: XactionContext,
  { from, to }: { readonly from: TargetBucket; readonly to: TargetBucket },
  name: string,
): Promise<Work> {
  if (await exists(context, from, name)) return {}
  try {
    await removeObject(context.target, placeObject(context.target, to, name))
  } catch (error) {
    if (!isAisError(error) || error.code !== 'ErrNotFound') throw error
  }
  return { objects: 1 }
}
