import { z } from 'zod'
import { sameBck } from '../bucket/bck.ts'
import { type Bmd, listBuckets } from '../bucket/bmd.ts'
import { AisError } from '../errors/ais-error.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { BucketRef, Mountpath } from '../ports/mountpath.ts'
import { parseJson, stringifyJson } from '../wire/json.ts'

/** The folders of a target's buckets, kept in step with the bucket map over crashes. */
export interface BucketFolders {
  /**
   * Makes the folders of new buckets, renames those of renamed ones, and empties those of buckets that were in a map
   * we followed and are no longer. Resolves with whether a bucket was renamed.
   * A bucket that no map of ours ever named is left alone: a lost map must not become lost data.
   * @param everyDisk no disk is out of use: then what is gone from the map is gone for good
   */
  follow(mountpaths: readonly Mountpath[], bmd: Bmd, everyDisk: boolean): Promise<boolean>
}

const documentName = '.ais.buckets'

/** Which map it was, and the IDs it gave to buckets that may have a folder here. */
const documentSchema = z.object({ uuid: z.string(), bids: z.array(z.string().regex(/^\d{1,20}$/)) })

interface Known {
  readonly uuid: string
  readonly bids: ReadonlySet<bigint>
}

async function load(store: DocumentStore): Promise<Known> {
  const text = await store.load(documentName)
  if (text === undefined) return { uuid: '', bids: new Set() }
  const result = documentSchema.safeParse(parseJson(text))
  if (!result.success) throw new AisError('ErrInternal', `${documentName} cannot be read`)
  return { uuid: result.data.uuid, bids: new Set(result.data.bids.map(BigInt)) }
}

/** Reads what an earlier run knew of its buckets. */
export async function openBucketFolders(store: DocumentStore): Promise<BucketFolders> {
  let known = await load(store)
  let queue: Promise<unknown> = Promise.resolve()

  async function know(uuid: string, bids: ReadonlySet<bigint>): Promise<void> {
    const isSame = known.uuid === uuid && known.bids.size === bids.size
    if (isSame && [...bids].every((bid) => known.bids.has(bid))) return
    await store.save(documentName, stringifyJson({ uuid, bids: [...bids].map(String) }))
    known = { uuid, bids }
  }

  async function followNow(
    mountpaths: readonly Mountpath[],
    bmd: Bmd,
    everyDisk: boolean,
  ): Promise<boolean> {
    let isRenamed = false
    const wanted = new Map<bigint, BucketRef>()
    for (const { bck, props } of listBuckets(bmd)) wanted.set(props.bid, { bck, bid: props.bid })
    const bids: ReadonlySet<bigint> = new Set(wanted.keys())
    // Without a map, or with another one, nobody can tell what was destroyed.
    const former: ReadonlySet<bigint> = known.uuid === bmd.uuid ? known.bids : new Set()
    const isDropped = ({ bid }: BucketRef) => former.has(bid) && !wanted.has(bid)
    // Before there is a folder, so that none is ever forgotten; what goes is forgotten when it is gone.
    if (bmd.uuid !== '') await know(bmd.uuid, new Set([...former, ...bids]))
    await Promise.all(
      mountpaths.map(async (mountpath) => {
        const present = mountpath.buckets()
        for (const bucket of present.filter(isDropped)) await mountpath.destroyBucket(bucket)
        const there = new Map(present.map(({ bid, bck }) => [bid, bck]))
        for (const bucket of wanted.values()) {
          const bck = there.get(bucket.bid)
          if (bck === undefined || sameBck(bck, bucket.bck)) continue
          await mountpath.renameBucket(bucket)
          isRenamed = true
        }
        for (const bucket of wanted.values()) {
          if (!there.has(bucket.bid)) await mountpath.createBucket(bucket)
        }
      }),
    )
    if (bmd.uuid !== '' && everyDisk) await know(bmd.uuid, bids)
    return isRenamed
  }

  return {
    follow(mountpaths, bmd, everyDisk) {
      const done = queue.then(() => followNow(mountpaths, bmd, everyDisk))
      queue = done.catch(() => undefined)
      return done
    },
  }
}
