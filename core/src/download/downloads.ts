import { z } from 'zod'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Log } from '../ports/log.ts'
import { parseJson, stringifyJson } from '../wire/json.ts'
import {
  type DownloadDetails,
  keptDetails,
  keptDetailsSchema,
  newDetails,
} from './download-details.ts'

const documentName = 'downloads'
/** Downloads of which more is kept over a restart than that they were. */
const keptMax = 128

const keptSchema = z.object({ downloads: z.array(z.tuple([z.string(), keptDetailsSchema])) })

/** What a target knows of its downloads besides their jobs, which the runner of jobs keeps. */
export interface Downloads {
  /** A download begins, or begins anew after a restart: it counts from zero. */
  open(id: string, description: string): DownloadDetails
  /** Of one that nothing is known of: nothing but zeros. */
  find(id: string): DownloadDetails
  remove(id: string): Promise<void>
  /** Resolves when all that is known now is safe. */
  save(): Promise<void>
}

/** @throws what the document store throws */
export async function createDownloads(store: DocumentStore, log: Log): Promise<Downloads> {
  const known = new Map<string, DownloadDetails>()
  const text = await store.load(documentName)
  const kept = keptSchema.safeParse(text === undefined ? { downloads: [] } : parseJson(text))
  if (!kept.success) log.warn('downloads of the last run cannot be read', { error: kept.error })
  for (const [id, details] of kept.data?.downloads ?? []) {
    known.set(id, { ...newDetails(''), ...details })
  }

  let writing: Promise<void> = Promise.resolve()
  const save = (): Promise<void> => {
    writing = writing
      .catch(() => {})
      .then(() => {
        const newest = [...known].slice(-keptMax)
        const downloads = newest.map(([id, details]) => [id, keptDetails(details)])
        return store.save(documentName, stringifyJson({ downloads }))
      })
    return writing
  }
  return {
    open(id, description) {
      const details = newDetails(description)
      known.set(id, details)
      return details
    },
    find: (id) => known.get(id) ?? newDetails(''),
    async remove(id) {
      if (known.delete(id)) await save()
    },
    save,
  }
}
