import { objectUname } from '../../bucket/bck.ts'
import { hrwTarget } from '../../cluster/hrw.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { findObject, placeObject, type TargetBucket } from '../../target/target.ts'
import { objectTarget } from '../../wire/target.ts'
import type { XactionContext } from '../xaction-kind.ts'

/** Time in which a peer answers whether it has an object, ms. */
const askTimeoutMs = 30_000

/** Whether the object is there, wherever it is owned. @throws AisError when its owner cannot tell */
export async function objectExists(
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
