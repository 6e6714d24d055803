import { AisError } from '../errors/ais-error.ts'
import type { Mountpath, ObjectSums } from '../ports/mountpath.ts'
import type { SummaryPart } from '../wire/bucket-summary.ts'
import { createPace } from '../xaction/pace.ts'
import type { TargetBucket, TargetNode } from './target.ts'

/** Rows summed up in one step: some ms. */
const stepRows = 10_000

/** The sums of one disk, step by step. */
function* stepsOf(mountpath: Mountpath, bucket: TargetBucket, prefix: string) {
  for (let after = ''; ; ) {
    const sums = mountpath.summary(bucket, { prefix, after, limit: stepRows })
    if (sums.last === undefined) return
    yield sums
    after = sums.last
  }
}

/** Bytes of all file systems that the disks are on, each once. */
async function disksBytes(target: TargetNode): Promise<bigint> {
  const capacities = await Promise.all(target.mountpaths().map((one) => one.capacity()))
  const disks = new Map(capacities.map((one) => [one.fsId, one.totalBytes]))
  return [...disks.values()].reduce((sum, bytes) => sum + bytes, 0n)
}

/**
 * This target's part of a bucket summary, shown meanwhile as a job of the kind `summary-bck`.
 * @param uuid of the summary, the same at all targets
 * @throws AisError `ErrGone` somebody stopped it
 */
export async function summarizeBucket(
  target: TargetNode,
  bucket: TargetBucket,
  prefix: string,
  uuid: string,
): Promise<SummaryPart> {
  const job = target.xactions.track({ id: uuid, kind: 'summary-bck', bck: bucket.bck })
  const pace = createPace(target.platform, () => target.settings.current().disk)
  const all: ObjectSums[] = []
  try {
    for (const mountpath of target.mountpaths()) {
      for (const sums of stepsOf(mountpath, bucket, prefix)) {
        all.push(sums)
        job.count({ objects: sums.objects, bytes: Number(sums.sizeBytes) })
        await pace.next(job.signal)
        if (job.signal.aborted) throw new AisError('ErrGone', `summary-bck[${uuid}] was stopped`)
      }
    }
    job.end()
  } catch (error) {
    job.end(error instanceof Error ? error.message : String(error))
    throw error
  }
  return {
    objects: BigInt(all.reduce((sum, { objects }) => sum + objects, 0)),
    sizeBytes: all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0n),
    minBytes: all.reduce((least, { min }) => Math.min(least, min), all[0]?.min ?? 0),
    maxBytes: all.reduce((most, { max }) => Math.max(most, max), 0),
    disksBytes: await disksBytes(target),
  }
}
