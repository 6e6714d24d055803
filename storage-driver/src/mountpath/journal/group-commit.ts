import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { Durability } from '@aistore-ts/core/ports/mountpath.ts'
import type { Catalog } from '../../catalog/open-catalog.ts'
import type { FaultGate } from '../disk/fault-gate.ts'
import { isNoSpace, noSpaceError } from '../disk/file-error.ts'

/** One change of the catalog and the file operations that follow it. */
export interface Change<T> {
  readonly durability: Durability
  /** It makes room: it is tried again with the reserve when the disk is full. */
  readonly frees: boolean
  /** Runs inside the transaction. An `AisError` fails this change alone, and must come before its first write. */
  apply(): T
  /** Runs when the transaction is safe at `durability`. */
  finish?(result: T): void | Promise<void>
}

/** Lets all changes of one turn of the event loop share one transaction, and one log sync. */
export interface GroupCommit {
  /** Resolves with what `apply` gave, after `finish`. */
  submit<T>(change: Change<T>): Promise<T>
  /** Begins no transaction until `work` is through: what is submitted meanwhile waits. */
  hold(work: () => Promise<void>): Promise<void>
  /** Resolves when nothing is queued and nothing is under way. */
  drain(): Promise<void>
  /** Changes applied so far. */
  readonly changes: number
}

interface Entry {
  readonly durability: Durability
  readonly frees: boolean
  apply(): () => void | Promise<void>
  reject(error: unknown): void
}

interface GroupCommitOptions {
  readonly path: string
  readonly files: FileSystem
  readonly catalog: Catalog
  readonly gate: FaultGate
  readonly crashPoint: (step: string) => void
  /** Gives up the reserve; `false` when it is gone already. */
  readonly releaseReserve: () => boolean
}

export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const { path, files, catalog, gate, crashPoint } = options
  const underWay = new Set<Promise<void>>()
  let queue: Entry[] = []
  let changes = 0
  let held = false

  const track = (work: Promise<void>): void => {
    underWay.add(work)
    const forget = () => void underWay.delete(work)
    work.then(forget, forget)
  }

  const complete = (entry: Entry, run: () => void | Promise<void>): void => {
    try {
      const work = run()
      if (work !== undefined) track(work.catch(entry.reject))
    } catch (error) {
      entry.reject(error)
    }
  }

  const applyAll = (entries: readonly Entry[]) =>
    catalog.transaction(() => {
      const applied: { entry: Entry; run: () => void | Promise<void> }[] = []
      for (const entry of entries) {
        try {
          applied.push({ entry, run: entry.apply() })
        } catch (error) {
          if (!isAisError(error)) throw error
          entry.reject(error)
        }
      }
      return applied
    })

  /** On a full disk only what makes room is tried again. */
  const applyWithReserve = (entries: readonly Entry[]) => {
    try {
      return applyAll(entries)
    } catch (error) {
      if (!isNoSpace(error) || !options.releaseReserve()) throw error
      const rest = entries.filter((entry) => entry.frees)
      for (const entry of entries) if (!entry.frees) entry.reject(noSpaceError(path, error))
      return applyAll(rest)
    }
  }

  const flush = (): void => {
    if (held) return
    const entries = queue
    queue = []
    try {
      // What was accepted before `shut` is still written; after a fault nothing is.
      if (gate.faulted) gate.check()
      const applied = applyWithReserve(entries)
      changes += applied.length
      crashPoint('committed')
      const durable = applied.filter(({ entry }) => entry.durability === 'disk')
      for (const { entry, run } of applied) {
        if (entry.durability === 'process') complete(entry, run)
      }
      if (durable.length > 0) {
        const settle = catalog.sync().then(
          () => {
            crashPoint('log-synced')
            for (const { entry, run } of durable) complete(entry, run)
          },
          (error: unknown) => {
            const fault = gate.raise('the catalog log could not be synced', error)
            for (const { entry } of durable) entry.reject(fault)
          },
        )
        track(settle)
      }
    } catch (error) {
      const reason = failure(error)
      for (const entry of entries) entry.reject(reason)
    }
  }

  const failure = (error: unknown): unknown => {
    if (isAisError(error)) return error
    if (isNoSpace(error)) return noSpaceError(path, error)
    return gate.raise('the catalog could not be written', error)
  }

  return {
    submit: (change) =>
      new Promise((resolve, reject) => {
        if (queue.length === 0) files.afterTurn(flush)
        queue.push({
          durability: change.durability,
          frees: change.frees,
          reject,
          apply: () => {
            const result = change.apply()
            return () => {
              const work = change.finish?.(result)
              if (work === undefined) resolve(result)
              else return work.then(() => resolve(result))
            }
          },
        })
      }),
    hold: (work) => {
      held = true
      const done = work().finally(() => {
        held = false
        if (queue.length > 0) flush()
      })
      track(done)
      return done
    },
    drain: async () => {
      while (queue.length > 0 || underWay.size > 0) {
        await new Promise<void>((resolve) => files.afterTurn(resolve))
        await Promise.allSettled(underWay)
      }
    },
    get changes() {
      return changes
    },
  }
}
