import type { ProxyNode } from '../../proxy/proxy.ts'
import type { NamedBucket } from '../find-bucket.ts'
import { listKeys } from './list-keys.ts'

/** Whether no target has an object of the bucket, or a former version, or a delete marker. */
export async function isEmptyBucket(proxy: ProxyNode, named: NamedBucket): Promise<boolean> {
  const query = { prefix: '', delimiter: '', after: '', limit: 1, versions: true }
  return (await listKeys(proxy, named, query)).length === 0
}
