import { kindNames, kindOfName } from '@aistore-ts/sdk/jobs/kind-names.ts'
import type { Bck } from '@aistore-ts/sdk/names/bck.ts'
import { parseBucket } from '../arguments/bucket-argument.ts'
import { UsageError } from '../arguments/usage-error.ts'
import { plainNodeId } from '../cluster/smap.ts'
import type { Context } from '../command.ts'

/** What `[NAME] [JOB_ID] [NODE_ID] [BUCKET]` say, in any order. */
export interface JobArguments {
  /** As it was given. */
  readonly name?: string | undefined
  /** As on the wire. */
  readonly kind?: string | undefined
  readonly id?: string | undefined
  readonly nodeId?: string | undefined
  readonly bck?: Bck | undefined
}

export const jobUsage = '[NAME] [JOB_ID] [NODE_ID] [BUCKET]'

/** A kind by its name, or by the beginning that no other has. */
function findKind(word: string): string | undefined {
  if (kindNames.includes(word)) return kindOfName(word)
  const meant = new Set(kindNames.filter((name) => name.startsWith(word)).map(kindOfName))
  const [only] = meant
  return meant.size === 1 ? only : undefined
}

/** @throws UsageError when two words say the same; CommandError for a bad bucket */
export function parseJobArguments({ args, config }: Context): JobArguments {
  const found: { -readonly [K in keyof JobArguments]: JobArguments[K] } = {}
  // `ais wait job NAME` reads as it is meant.
  const words = args[0] === 'job' ? args.slice(1) : args
  for (const [at, word] of words.entries()) {
    const kind = at === 0 && !/[A-Z_]/.test(word) ? findKind(word) : undefined
    if (word.includes('://')) {
      if (found.bck !== undefined) throw new UsageError(`two buckets are given: "${word}"`)
      found.bck = parseBucket(word, config.default_provider)
    } else if (kind !== undefined) {
      found.name = word
      found.kind = kind
    } else if (/^t\[.+\]$/.test(word) || found.id !== undefined) {
      if (found.nodeId !== undefined) throw new UsageError(`two nodes are given: "${word}"`)
      found.nodeId = plainNodeId(word)
    } else {
      found.id = word
    }
  }
  return found
}

/** A download, by its kind or the form of its ID. */
export function isDownload({ kind, id }: JobArguments): boolean {
  return kind === 'download' || id?.startsWith('dnl-') === true
}
