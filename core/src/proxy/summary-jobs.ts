import { shortId } from '../algorithms/short-id.ts'
import { AisError } from '../errors/ais-error.ts'
import type { Random } from '../ports/random.ts'
import type { BucketSummary } from '../wire/bucket-summary.ts'

/** Summaries asked for and not yet fetched, by their ID; bounded, the oldest go first. */
export interface SummaryJobs {
  start(run: () => Promise<readonly BucketSummary[]>): string
  /** `pending` while it runs; its result once, after which the ID is forgotten a while later. @throws AisError of the run, `ErrXactNotFound` */
  find(uuid: string): Promise<'pending' | readonly BucketSummary[]>
}

const jobsMax = 1_024

export function createSummaryJobs(random: Random): SummaryJobs {
  type Job = { result?: readonly BucketSummary[]; error?: unknown }
  const jobs = new Map<string, Job>()
  return {
    start(run) {
      const uuid = shortId(random)
      const job: Job = {}
      jobs.set(uuid, job)
      const oldest = jobs.keys().next()
      if (jobs.size > jobsMax && !oldest.done) jobs.delete(oldest.value)
      run().then(
        (result) => {
          job.result = result
        },
        (error: unknown) => {
          job.error = error
        },
      )
      return uuid
    },
    async find(uuid) {
      const job = jobs.get(uuid)
      if (job === undefined) {
        throw new AisError('ErrXactNotFound', `xaction "${uuid}" not found`)
      }
      if (job.error !== undefined) throw job.error
      return job.result ?? 'pending'
    },
  }
}
