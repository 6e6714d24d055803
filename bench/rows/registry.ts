import type { Row } from '../harness/row.ts'
import { catalogLookup } from './catalog-lookup.ts'
import { catalogSize } from './catalog-size.ts'
import { catalogStart, catalogStartUnclean } from './catalog-start.ts'
import { coldStart } from './cold-start.ts'
import { edgeCache } from './edge-cache.ts'
import { edgeColdStart } from './edge-cold-start.ts'
import { edgeMemory } from './edge-memory.ts'
import { edgeRedirect } from './edge-redirect.ts'
import { edgeRelay } from './edge-relay.ts'
import { get1m } from './get-1m.ts'
import { get4k } from './get-4k.ts'
import { get16m } from './get-16m.ts'
import { get64k } from './get-64k.ts'
import { getBatch } from './get-batch.ts'
import { headV2 } from './head-v2.ts'
import { list1m } from './list-1m.ts'
import { list100k } from './list-100k.ts'
import { listPrefixes } from './list-prefixes.ts'
import { loaderGet1m } from './loader-get-1m.ts'
import { loaderGet4k } from './loader-get-4k.ts'
import { loaderPut1m } from './loader-put-1m.ts'
import { loaderPut4k } from './loader-put-4k.ts'
import { loopBlock } from './loop-block.ts'
import { memoryGet1g } from './memory-get-1g.ts'
import { memoryIdle } from './memory-idle.ts'
import { put1m } from './put-1m.ts'
import { put4k } from './put-4k.ts'
import { put4kDisk } from './put-4k-disk.ts'
import { put4kDurable } from './put-4k-durable.ts'
import { put16m } from './put-16m.ts'
import { put64k } from './put-64k.ts'
import { putBoto31mBun, putBoto31mNode, putBoto316mBun, putBoto316mNode } from './put-boto3.ts'
import { putLayersBun, putLayersNode } from './put-layers.ts'
import { redirectGet } from './redirect-get.ts'
import { relayGetBun, relayGetNode, relayPutBun, relayPutNode } from './relay.ts'
import { sigv4 } from './sigv4.ts'
import { startServer } from './start-server.ts'

/** Every row, in the order of the table. */
export const rows: readonly Row[] = [
  get4k,
  get64k,
  get1m,
  get16m,
  put4k,
  put64k,
  put1m,
  put16m,
  put4kDurable,
  put4kDisk,
  putLayersBun,
  putLayersNode,
  redirectGet,
  sigv4,
  relayGetBun,
  relayGetNode,
  relayPutBun,
  relayPutNode,
  putBoto31mBun,
  putBoto31mNode,
  putBoto316mBun,
  putBoto316mNode,
  headV2,
  list100k,
  list1m,
  listPrefixes,
  loopBlock,
  memoryGet1g,
  memoryIdle,
  coldStart,
  startServer,
  catalogLookup,
  catalogSize,
  catalogStart,
  catalogStartUnclean,
  loaderPut4k,
  loaderGet4k,
  loaderPut1m,
  loaderGet1m,
  ...getBatch,
  ...edgeRedirect,
  ...edgeRelay,
  ...edgeCache,
  edgeColdStart,
  edgeMemory,
]
