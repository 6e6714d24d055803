import { objectUname } from '../../bucket/bck.ts'
import { hrwTarget } from '../../cluster/hrw.ts'
import { activeTargets } from '../../cluster/smap.ts'
import { createBytePace } from '../../download/byte-pace.ts'
import { beginObject, type DownloadDetails, endObject } from '../../download/download-details.ts'
import { type Download, type DownloadItem, parseDownload } from '../../download/download-message.ts'
import { type DownloadRun, fetchObject, outsideOf } from '../../download/fetch-object.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checkBucketAccess } from '../../node/access.ts'
import { eachObject, workersOf } from '../object-selection.ts'
import { plainTraits, type Work, type XactionContext, type XactionKind } from '../xaction-kind.ts'

/** The items that this target owns. */
function* owned({ target, bucket }: DownloadRun, { items }: Download): Generator<DownloadItem> {
  const smap = target.metadata.smap()
  const self = target.self().daemonId
  for (const item of items()) {
    if (hrwTarget(smap, objectUname(bucket.bck, item.name)).daemonId === self) yield item
  }
}

/** They come one by one while objects are under way. */
async function* onDemand(items: Iterable<DownloadItem>): AsyncGenerator<DownloadItem> {
  yield* items
}

async function bring(
  run: DownloadRun,
  details: DownloadDetails,
  item: DownloadItem,
): Promise<Work> {
  const { clock } = run.target.platform
  const object = beginObject(details, item.name, clock.now())
  try {
    const how = await fetchObject(run, item, object)
    endObject(details, object, clock.now(), how)
    return how === 'came' ? { objects: 1, bytes: object.bytes } : {}
  } catch (error) {
    if (run.signal.aborted) {
      details.current.delete(object)
      return {}
    }
    run.target.stats.add('err.dl.n')
    const text = error instanceof Error ? error.message : String(error)
    endObject(details, object, clock.now(), { error: text })
    throw error
  }
}

async function* download(context: XactionContext, args: Download): AsyncGenerator<Work, void> {
  const { target, bucket, signal, id } = context
  if (bucket === undefined) return
  const share = args.bytesPerHour / Math.max(1, activeTargets(target.metadata.smap()).length)
  const pace = createBytePace(target.platform.clock, share)
  const run: DownloadRun = { target, bucket, download: args, pace, signal }
  const details = target.downloads.open(id, args.description)
  try {
    for (const _ of owned(run, args)) details.total += 1
    const options = { workers: workersOf(args.connections), goesOn: true, signal }
    yield* eachObject(onDemand(owned(run, args)), options, (item) => bring(run, details, item))
    details.isAllScheduled = !signal.aborted
  } finally {
    await target.downloads.save()
  }
}

/** `download`: objects from links that somebody gave. What fails is told by name, and the others come. */
export const downloadObjects: XactionKind<Download> = {
  kind: 'download',
  traits: { ...plainTraits, title: 'download', needsRest: true, resumes: true },
  parse: parseDownload,
  check({ items }, { target, bucket }) {
    if (bucket === undefined) throw new AisError('ErrBadRequest', "missing 'bucket.name'")
    checkBucketAccess(bucket.bck, bucket.props, 'PUT')
    outsideOf(target.platform)
    // A name that cannot be is found before anything begins.
    for (const _ of items());
  },
  run: (args, context) => download(context, args),
}
