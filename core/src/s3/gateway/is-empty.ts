import { isRebalancing } from '../../cluster/rmd.ts'
import { activeTargets } from '../../cluster/smap.ts'
import { listMoving } from '../../proxy/list-moving.ts'
import type { Listing } from '../../proxy/list-sessions.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import type { NamedBucket } from '../find-bucket.ts'

/** Whether no target has an object of the bucket. */
export async function isEmptyBucket(
  proxy: ProxyNode,
  { bck, props }: NamedBucket,
): Promise<boolean> {
  const listing: Listing = {
    bck,
    bid: props.bid,
    prefix: '',
    startAfter: '',
    recursive: true,
    dirs: false,
    props: ['name'],
    timeFormat: '',
  }
  if (isRebalancing(proxy.metadata.rmd())) {
    return (await listMoving(proxy, '', listing, '', 1)).entries.length === 0
  }
  const targets = activeTargets(proxy.metadata.smap())
  const page = await proxy.lists.page('', listing, '', 1, targets)
  return page.runs.length === 0
}
