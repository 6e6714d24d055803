import type { Bck } from '../../bucket/bck.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { callPrimary } from '../../proxy/await-primary.ts'
import { createBucketHere } from '../../proxy/create-bucket.ts'
import { destroyBucketHere } from '../../proxy/destroy-bucket.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { setS3PropsHere } from '../../proxy/set-s3-props.ts'
import { type JsonObject, type JsonValue, stringifyJson } from '../../wire/json.ts'
import { objectTarget } from '../../wire/target.ts'
import type { NamedBucket } from '../find-bucket.ts'

const timeoutMs = 60_000

/** Asks the primary for a change of a bucket, by the native call. @throws AisError as the primary stated it */
async function askPrimary(
  proxy: ProxyNode,
  bck: Bck,
  method: 'DELETE' | 'PATCH',
  action: string,
  value?: JsonValue,
): Promise<void> {
  const call = { method, target: objectTarget(bck), body: stringifyJson({ action, value }) }
  const answer = await callPrimary(proxy, (primary) =>
    proxy.transport.call(primary, 'control', call, timeoutMs),
  )
  await checkStatus(answer)
}

/**
 * Makes a bucket with the cluster's properties, and what S3 alone sets as `s3` has it.
 * @throws AisError as `createBucketHere`
 */
export async function createBucketAnywhere(
  proxy: ProxyNode,
  bck: Bck,
  s3: JsonObject,
): Promise<void> {
  if (proxy.isPrimary()) return createBucketHere(proxy, bck, null, s3)
  await askPrimary(proxy, bck, 'PATCH', 's3-create-bck', s3)
  // Who made a bucket uses it at once, and at this gateway.
  await proxy.refreshMetadata()
}

/** Changes what S3 alone sets of a bucket; this gateway knows it when it returns. @throws AisError as `setS3PropsHere` */
export async function setS3PropsAnywhere(
  proxy: ProxyNode,
  { bck, props }: NamedBucket,
  s3: JsonObject,
): Promise<void> {
  if (proxy.isPrimary()) return setS3PropsHere(proxy, bck, props.bid, s3)
  await askPrimary(proxy, bck, 'PATCH', 's3-set-props', { bid: String(props.bid), s3 })
  await proxy.refreshMetadata()
}

/** Takes a bucket away with what is in it. @throws AisError as `destroyBucketHere` */
export async function destroyBucketAnywhere(proxy: ProxyNode, bck: Bck): Promise<void> {
  if (proxy.isPrimary()) return destroyBucketHere(proxy, bck)
  await askPrimary(proxy, bck, 'DELETE', 'destroy-bck')
  await proxy.refreshMetadata()
}
