import type { Bck } from '../../bucket/bck.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { callPrimary } from '../../proxy/await-primary.ts'
import { createBucketHere } from '../../proxy/create-bucket.ts'
import { destroyBucketHere } from '../../proxy/destroy-bucket.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { stringifyJson } from '../../wire/json.ts'
import { objectTarget } from '../../wire/target.ts'

const timeoutMs = 60_000

/** Asks the primary for a change of a bucket, by the native call. @throws AisError as the primary stated it */
async function askPrimary(
  proxy: ProxyNode,
  bck: Bck,
  method: 'POST' | 'DELETE',
  action: string,
): Promise<void> {
  const call = { method, target: objectTarget(bck), body: stringifyJson({ action }) }
  const answer = await callPrimary(proxy, (primary) =>
    proxy.transport.call(primary, 'control', call, timeoutMs),
  )
  await checkStatus(answer)
}

/** Makes a bucket with the cluster's properties. @throws AisError as `createBucketHere` */
export async function createBucketAnywhere(proxy: ProxyNode, bck: Bck): Promise<void> {
  if (proxy.isPrimary()) return createBucketHere(proxy, bck, null)
  await askPrimary(proxy, bck, 'POST', 'create-bck')
  // Who made a bucket uses it at once, and at this gateway.
  await proxy.refreshMetadata()
}

/** Takes a bucket away with what is in it. @throws AisError as `destroyBucketHere` */
export async function destroyBucketAnywhere(proxy: ProxyNode, bck: Bck): Promise<void> {
  if (proxy.isPrimary()) return destroyBucketHere(proxy, bck)
  await askPrimary(proxy, bck, 'DELETE', 'destroy-bck')
  await proxy.refreshMetadata()
}
