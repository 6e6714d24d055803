import { archiveObjects } from './kinds/archive-objects.ts'
import { cleanupStore } from './kinds/cleanup-store.ts'
import { copyBucket, copyObjects } from './kinds/copy-objects.ts'
import { deleteObjects } from './kinds/delete-objects.ts'
import { downloadObjects } from './kinds/download.ts'
import { indexShard } from './kinds/index-shard.ts'
import { loadLomCache } from './kinds/load-lom-cache.ts'
import { lru } from './kinds/lru.ts'
import { promote } from './kinds/promote.ts'
import { rechunk } from './kinds/rechunk.ts'
import { type RegisteredKind, registered } from './xaction-kind.ts'

/** Every kind of job that a target runs. One more is one file and one line here. */
export const xactionKinds: readonly RegisteredKind[] = [
  registered(archiveObjects),
  registered(copyBucket),
  registered(copyObjects),
  registered(deleteObjects),
  registered(promote),
  registered(cleanupStore),
  registered(lru),
  registered(downloadObjects),
  registered(rechunk),
  registered(indexShard),
  registered(loadLomCache),
]
