import { hasFeature } from '../config/features.ts'
import { AisError, isAisError } from '../errors/ais-error.ts'
import type { Answer } from '../ports/call.ts'
import type { Platform } from '../ports/platform.ts'
import { findObject, placeObject, type TargetBucket, type TargetNode } from '../target/target.ts'
import type { BytePace } from './byte-pace.ts'
import type { DownloadingObject } from './download-details.ts'
import type { Download, DownloadItem } from './download-message.ts'
import { isSameAsSource, sourceAttributes } from './source-attributes.ts'
import { storeAnswer } from './store-answer.ts'

/** Tries for one object. @see AIStore ext/dload/task.go retryCnt */
const triesMax = 10
/** The time for one object grows so much with each try that took too long. */
const timeoutGrowth = 1.2
/** Silence of a source that ends a try, ms. */
const silenceMs = 60_000
/** Time a source has to say whether what is here is still the same, ms. */
const headTimeoutMs = 5_000
/** Rest before the second try, ms; it doubles with each. */
const restMs = 200
const restMsMax = 10_000

/** Statuses that another try will not change. */
const finalStatuses: ReadonlySet<number> = new Set([401, 402, 403, 404, 405, 406, 407, 410])

/** A source that answers with an error. */
class RefusedBySource extends Error {
  readonly status: number

  constructor(link: string, status: number) {
    const absent = `"${link}" does not exist (404)`
    super(status === 404 ? absent : `failed to download "${link}": status ${status}`)
    this.status = status
  }
}

/** What all objects of a download on this target share. */
export interface DownloadRun {
  readonly target: TargetNode
  readonly bucket: TargetBucket
  readonly download: Download
  readonly pace: BytePace
  readonly signal: AbortSignal
}

/** How a URL is called here. @throws AisError `ErrNotImpl` where the runtime cannot guard it */
export function outsideOf({ callOutside }: Platform): NonNullable<Platform['callOutside']> {
  if (callOutside !== undefined) return callOutside
  throw new AisError('ErrNotImpl', 'download: this runtime cannot call addresses outside')
}

function callSource(
  { target, download }: DownloadRun,
  item: DownloadItem,
  method: 'GET' | 'HEAD',
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  const config = target.settings.current()
  const rules = {
    allowCidrs: config.downloader.allow_cidrs,
    allowPrivate: hasFeature(config.features, 'Dload-Allow-Private-Egress'),
  }
  const call = { method, url: item.link, headers: download.headers, rules, timeoutMs, signal }
  return outsideOf(target.platform)(call)
}

/** The object is here already, the same as at its source. */
async function isHere(run: DownloadRun, item: DownloadItem): Promise<boolean> {
  const found = findObject(run.target, placeObject(run.target, run.bucket, item.name))
  if (found === undefined) return false
  const answer = await callSource(run, item, 'HEAD', headTimeoutMs, run.signal)
  answer.discard()
  if (answer.status >= 400) return false
  const length = answer.headers.get('content-length')
  const told = sourceAttributes(item.link, answer.headers)
  return isSameAsSource(found.meta, told, length === undefined ? undefined : Number(length))
}

async function attempt(
  run: DownloadRun,
  item: DownloadItem,
  object: DownloadingObject,
  signal: AbortSignal,
): Promise<void> {
  const { target, bucket, pace } = run
  object.bytes = 0
  const answer = await callSource(run, item, 'GET', silenceMs, signal)
  if (answer.status !== 200) {
    answer.discard()
    throw new RefusedBySource(item.link, answer.status)
  }
  object.totalBytes = answer.body.lengthBytes
  const place = placeObject(target, bucket, item.name)
  const custom = sourceAttributes(item.link, answer.headers)
  try {
    await storeAnswer(target, place, answer, custom, (bytes) => {
      signal.throwIfAborted()
      object.bytes += bytes
      return pace.take(bytes, signal)
    })
  } finally {
    answer.discard()
  }
}

/** Runs one try in its time. @throws what the try throws, `ErrUnreachable` when it takes too long */
async function inTime(
  run: DownloadRun,
  timeoutMs: number,
  task: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const over = new AbortController()
  const late = new AisError('ErrUnreachable', `not done within ${timeoutMs} ms`)
  const done = new AbortController()
  const timer = run.target.platform.clock.sleep(timeoutMs, done.signal).then(
    () => over.abort(late),
    () => {},
  )
  try {
    await task(AbortSignal.any([run.signal, over.signal]))
  } catch (error) {
    throw over.signal.aborted ? late : error
  } finally {
    done.abort()
    await timer
  }
}

/** Another try may end better. */
function mayRetry(error: unknown): boolean {
  if (error instanceof RefusedBySource) return !finalStatuses.has(error.status)
  return isAisError(error, 'ErrUnreachable')
}

/**
 * Brings one object, or finds that it is here, in as many tries as it may take.
 * @throws Error saying why it cannot be had
 */
export async function fetchObject(
  run: DownloadRun,
  item: DownloadItem,
  object: DownloadingObject,
): Promise<'came' | 'skipped'> {
  const { target, download, signal } = run
  if (await isHere(run, item)) return 'skipped'
  let timeoutMs = download.timeoutMs ?? target.settings.current().downloader.timeout
  for (let tries = 1; ; tries += 1) {
    try {
      await inTime(run, timeoutMs, (limited) => attempt(run, item, object, limited))
      target.stats.add('dl.size', object.bytes)
      return 'came'
    } catch (error) {
      if (signal.aborted || tries === triesMax || !mayRetry(error)) throw error
      target.log.warn('a download is tried again', { name: item.name, tries, error })
    }
    timeoutMs = Math.ceil(timeoutMs * timeoutGrowth)
    await target.platform.clock.sleep(Math.min(restMs * 2 ** (tries - 1), restMsMax), signal)
  }
}
