import { shortId } from '../algorithms/short-id.ts'
import { AisError } from '../errors/ais-error.ts'
import type { Random } from '../ports/random.ts'

/** Summaries asked for and not yet fetched, by their ID; bounded, the oldest go first. */
export interface SummaryJobs<Result> {
  start(run: (uuid: string) => Promise<Result>): string
  /** `pending` while it runs; its result once, after which the ID is forgotten a while later. @throws AisError of the run, `ErrXactNotFound` */
  find(uuid: string): Promise<'pending' | Result>
}

const jobsMax = 1_024

export function createSummaryJobs<Result>(random: Random): SummaryJobs<Result> {
  type Job = { result?: Result; error?: unknown }
  const jobs = new Map<string, Job>()
  return {
    start(run) {
      const uuid = shortId(random)
      const job: Job = {}
      jobs.set(uuid, job)
      const oldest = jobs.keys().next()
      if (jobs.size > jobsMax && !oldest.done) jobs.delete(oldest.value)
      run(uuid).then(
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
