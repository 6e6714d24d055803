import { placementDigest } from '@aistore-ts/core/cluster/placement-digest.ts'
import type { Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { createBucket, destroyBucket } from './buckets/buckets.ts'
import { renameBucket } from './buckets/rename-bucket.ts'
import type { TrashCollector } from './buckets/trash-collector.ts'
import type { MountpathContext } from './context.ts'
import { readCapacity } from './disk/capacity.ts'
import { createDraft } from './inline/memory-draft.ts'
import { commitObject } from './objects/commit-object.ts'
import { listBriefly, listObjects, loadObject, summarizeObjects } from './objects/load-object.ts'
import { nameForm } from './objects/object-name.ts'
import { openObject } from './objects/open-object.ts'
import { buryObject, removeObject } from './objects/remove-object.ts'
import { renameObject } from './objects/rename-object.ts'
import { findShardIndex, storeShardIndex, sweepShardIndexes } from './objects/shard-index.ts'
import { readSmall } from './objects/small-objects.ts'
import { updateObject } from './objects/update-object.ts'
import type { Rescanner } from './recovery/rescanner.ts'
import { beginAppend, draftAppend, writeAppend } from './uploads/appends.ts'
import { completeUpload } from './uploads/complete-upload.ts'
import type { Expirer } from './uploads/expirer.ts'
import {
  abortUpload,
  beginUpload,
  findUpload,
  listParts,
  listUploads,
  storePart,
} from './uploads/uploads.ts'
import { listTombstones, stampOf } from './versions/stamps.ts'

interface MountpathParts {
  readonly context: MountpathContext
  readonly id: string
  readonly label: string
  readonly rescanner: Rescanner
  readonly trash: TrashCollector
  readonly expirer: Expirer
  readonly close: () => Promise<void>
}

/** The port's face over the parts of an open mountpath. */
export function composeMountpath(parts: MountpathParts): Mountpath {
  const { context, id, label, rescanner, trash, expirer } = parts
  const { buckets, files, gate, path, space } = context
  let closed: Promise<void> | undefined
  return {
    id,
    digest: Object.freeze(placementDigest(id)),
    path,
    label,
    load: (bucket, name) => loadObject(context, bucket, name),
    open: (bucket, name) => openObject(context, bucket, name),
    readSmall: (bucket, name) => readSmall(context, bucket, name),
    draft: (bucketRef, name, hints) => {
      gate.check()
      const bucket = buckets.get(bucketRef)
      nameForm(name)
      space.check()
      return createDraft(context, bucket, name, hints)
    },
    commit: (bucket, name, draft, object, durability, expect) =>
      commitObject(context, bucket, name, draft, object, durability, expect),
    update: (bucket, name, patch, durability) =>
      updateObject(context, bucket, name, patch, durability),
    remove: (bucket, name, durability, options) =>
      removeObject(context, bucket, name, durability, options),
    stamp: (bucket, name) => stampOf(context, bucket, name),
    bury: (bucket, name, generation, durability) =>
      buryObject(context, bucket, name, generation, durability),
    tombstones: (bucket, after, limit) => listTombstones(context, bucket, after, limit),
    rename: (bucket, from, to, durability) => renameObject(context, bucket, from, to, durability),
    list: (bucket, query) => listObjects(context, bucket, query),
    listBrief: (bucket, query) => listBriefly(context, bucket, query),
    shardIndex: (bucket, name) => findShardIndex(context, bucket, name),
    storeShardIndex: (bucket, name, index) => storeShardIndex(context, bucket, name, index),
    appendBegin: (bucket, name, from) => beginAppend(context, bucket, name, from),
    appendWrite: (bucket, name, append, chunks) =>
      writeAppend(context, bucket, name, append, chunks),
    appendDraft: (bucket, name, append) => draftAppend(context, bucket, name, append),
    uploadBegin: (bucket, upload, durability) => beginUpload(context, bucket, upload, durability),
    uploadFind: (bucket, upload) => findUpload(context, bucket, upload),
    uploads: (bucket) => listUploads(context, bucket),
    uploadPart: (bucket, upload, draft, chunk, durability) =>
      storePart(context, bucket, upload, draft, chunk, durability),
    uploadParts: (bucket, upload) => listParts(context, bucket, upload),
    uploadComplete: (bucket, upload, partNumbers, object, durability) =>
      completeUpload(context, bucket, upload, partNumbers, object, durability),
    uploadAbort: (bucket, upload) => abortUpload(context, bucket, upload),
    createBucket: (bucket) => createBucket(context, bucket),
    destroyBucket: async (bucket) => {
      await destroyBucket(context, bucket)
      trash.wake()
    },
    renameBucket: (bucket) => renameBucket(context, bucket),
    hasBucket: (bid) => buckets.find(bid) !== undefined,
    buckets: () => buckets.all().map(({ ref }) => ref),
    summary: (bucket, prefix) => summarizeObjects(context, bucket, prefix),
    capacity: () => {
      gate.check()
      return readCapacity(path, files, space)
    },
    rescan: async () => {
      gate.check()
      return rescanner.scan()
    },
    cleanUp: async (graceMs) => {
      gate.check()
      trash.wake()
      await sweepShardIndexes(context)
      return expirer.sweep(graceMs)
    },
    close: () => {
      closed ??= parts.close()
      return closed
    },
  }
}
