import type { DocumentStore } from '../ports/document-store.ts'
import type { Log } from '../ports/log.ts'
import { parseJson, stringifyJson } from '../wire/json.ts'
import { recordsSchema, type XactionRecords } from './xaction-record.ts'

const documentName = 'xactions'
/** Jobs that ended and are kept over a restart. */
export const keptEndedMax = 128

/** Keeps a target's jobs over a restart: one write at a time, the newest state in each. */
export interface XactionStore {
  load(): Promise<XactionRecords['jobs']>
  /** Resolves when a state not older than the present one is safe. */
  save(): Promise<void>
  /** Resolves when nothing is being written. */
  settled(): Promise<void>
}

export function createXactionStore(
  store: DocumentStore,
  log: Log,
  records: () => XactionRecords,
): XactionStore {
  let writing: Promise<void> = Promise.resolve()
  let waiting: Promise<void> | undefined
  return {
    async load() {
      const text = await store.load(documentName)
      if (text === undefined) return []
      const parsed = recordsSchema.safeParse(parseJson(text))
      if (parsed.success) return parsed.data.jobs
      log.warn('jobs of the last run cannot be read', { error: parsed.error })
      return []
    },
    save() {
      waiting ??= writing.then(() => {
        waiting = undefined
        writing = store.save(documentName, stringifyJson(records()))
        // Who waits for it hears of it; the next write must come all the same.
        writing = writing.catch((error: unknown) => log.error('jobs cannot be kept', { error }))
        return writing
      })
      return waiting
    },
    settled: async () => {
      await waiting
      await writing
    },
  }
}
