import type { Bck } from '../bucket/bck.ts'
import { AisError } from '../errors/ais-error.ts'
import type { TrackedXaction, XactionRunner } from '../xaction/xaction-runner.ts'

/** Listings that are shown at a time; of more, the oldest are shown no longer. */
const shownMax = 256

/** Shows listings of more than one page as jobs of the kind `list`, while clients go on with them. */
export interface ListJobs {
  /** @throws AisError `ErrGone` somebody stopped this listing */
  check(uuid: string): void
  /** A page of so many entries was read; `end`: it was the last one. */
  count(uuid: string, bck: Bck, entries: number, end: boolean): void
}

export function createListJobs(xactions: Pick<XactionRunner, 'track'>): ListJobs {
  const shown = new Map<string, TrackedXaction>()
  return {
    check(uuid) {
      if (shown.get(uuid)?.signal.aborted !== true) return
      throw new AisError('ErrGone', `list[${uuid}] was stopped`)
    },
    count(uuid, bck, entries, end) {
      let job = shown.get(uuid)
      // One page is no job: it is over when anybody could ask for it.
      if (uuid === '' || (job === undefined && end)) return
      if (job === undefined || job.isOver()) {
        job = xactions.track({ id: uuid, kind: 'list', bck })
        shown.set(uuid, job)
        const oldest = shown.keys().next()
        if (shown.size > shownMax && !oldest.done) shown.delete(oldest.value)
      }
      job.count({ objects: entries })
      if (end) {
        job.end()
        shown.delete(uuid)
      } else job.idle()
    },
  }
}
