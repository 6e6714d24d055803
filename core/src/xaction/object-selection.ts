import { z } from 'zod'
import { objectUname } from '../bucket/bck.ts'
import { hrwTarget } from '../cluster/hrw.ts'
import { afterTurn } from '../target/list-cursor.ts'
import { listPage } from '../target/list-page.ts'
import type { TargetBucket } from '../target/target.ts'
import { listRangeShape, type Selection, templateNames } from '../wire/list-range.ts'
import type { Work, XactionContext } from './xaction-kind.ts'

/** What messages about many objects share. */
export const selectionShape = {
  ...listRangeShape,
  'num-workers': z.int().default(0),
  coer: z.boolean().default(false),
  'non-recurs': z.boolean().default(false),
}

/** Names looked at in a turn. */
const namesPerTurn = 1_024
/** Names of a page. */
const pageNames = 500
/** Objects dealt with at once, where the message leaves it to us. */
export const workersAuto = 8
/** And at most. */
const workersMax = 64

/** `num-workers` as a count: 0 leaves it to us, less is one after the other. */
export function workersOf(asked: number): number {
  return asked < 0 ? 1 : Math.min(asked === 0 ? workersAuto : asked, workersMax)
}

/** An object that was chosen; `isListed`: it was there a moment ago. */
export interface Chosen {
  readonly name: string
  readonly isListed: boolean
}

async function* listed(
  { target, signal }: XactionContext,
  bucket: TargetBucket,
  prefix: string,
  recursive: boolean,
): AsyncGenerator<Chosen> {
  const props = new Set(['name'])
  const query = { prefix, limit: pageNames, recursive, dirs: false, props, timeFormat: '' }
  for (let after = ''; !signal.aborted; ) {
    const page = await listPage(target, bucket, { ...query, after })
    for (const { name } of page.entries) yield { name, isListed: true }
    const last = page.entries.at(-1)
    if (page.end || last === undefined) return
    after = last.name
  }
}

/** The names that are chosen and that this target owns. */
export async function* chosenNames(
  context: XactionContext,
  bucket: TargetBucket,
  selection: Selection,
  recursive: boolean,
): AsyncGenerator<Chosen> {
  const { target, signal } = context
  if (selection.kind === 'prefix') {
    yield* listed(context, bucket, selection.prefix, recursive)
    return
  }
  const names =
    selection.kind === 'names' ? new Set(selection.names) : templateNames(selection.template)
  let looked = 0
  for (const name of names) {
    // Names of others are no work: without this, nobody had a turn while they are passed over.
    if (++looked % namesPerTurn === 0) await afterTurn(target)
    if (signal.aborted) return
    const owner = hrwTarget(target.metadata.smap(), objectUname(bucket.bck, name))
    if (owner.daemonId === target.self().daemonId) yield { name, isListed: false }
  }
}

/** The words for something that was thrown about an object. */
function failureOf(name: string, error: unknown): string {
  return `${name}: ${error instanceof Error ? error.message : String(error)}`
}

/**
 * Runs `task` for every one of `names`, a few at once, and tells of each as it ends: a slow one keeps one worker busy, and
 * not the others. What fails ends it all, with the object's name, unless the job is to go on.
 */
export async function* eachObject<T extends { readonly name: string }>(
  names: AsyncIterable<T>,
  options: { readonly workers: number; readonly goesOn: boolean; readonly signal: AbortSignal },
  task: (one: T) => Promise<Work>,
): AsyncGenerator<Work, void> {
  const { workers, goesOn, signal } = options
  const ended: (Work | Error)[] = []
  let running = 0
  let wake = () => {}
  // Never rejects: one may fail long before its turn to be told comes.
  const attempt = async (one: T): Promise<void> => {
    running += 1
    try {
      ended.push(await task(one))
    } catch (error) {
      const failure = failureOf(one.name, error)
      ended.push(goesOn ? { failure } : new Error(failure, { cause: error }))
    }
    running -= 1
    wake()
  }
  const oneEnds = () =>
    new Promise<void>((resolve) => {
      wake = resolve
    })
  /** Tells of what has ended, until no more than `most` are under way. */
  const tell = async function* (most: number): AsyncGenerator<Work, void> {
    for (;;) {
      for (let one = ended.shift(); one; one = ended.shift()) {
        if (one instanceof Error) throw one
        yield one
      }
      if (running <= most) return
      await oneEnds()
    }
  }
  try {
    for await (const one of names) {
      if (signal.aborted) break
      void attempt(one)
      yield* tell(workers - 1)
    }
    yield* tell(0)
  } finally {
    // Nothing of a job works on behind its end.
    while (running > 0) await oneEnds()
  }
}
