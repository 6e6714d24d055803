import type { MountpathContext } from '../context.ts'
import { purgeRows, trashFolder } from './buckets.ts'

/** Removes trash and the rows of destroyed buckets in the background, one round after another. */
export interface TrashCollector {
  /** There is something to collect. */
  wake(): void
  /** Resolves when the round under way has come to a place where it can stop. */
  close(): Promise<void>
}

export function createTrashCollector(context: MountpathContext): TrashCollector {
  const { catalog, files, gate, journal, log, path } = context
  let running: Promise<void> | undefined
  let again = false
  let closing = false

  const purge = async (bid: bigint): Promise<void> => {
    const step = {
      durability: 'process',
      frees: true,
      apply: () => purgeRows(context, bid),
    } as const
    while (!closing && (await journal.submit(step))) {
      await new Promise<void>((resolve) => files.afterTurn(resolve))
    }
  }

  const round = async (): Promise<void> => {
    for (const bid of catalog.buckets.purges()) await purge(bid)
    for (const { name } of await files.readDirectory(`${path}/${trashFolder}`)) {
      if (closing) return
      await files.removeTree(`${path}/${trashFolder}/${name}`)
    }
  }

  const run = async (): Promise<void> => {
    try {
      do {
        again = false
        await round()
      } while (again && !closing && !gate.faulted)
    } catch (error) {
      log.warn('trash could not be removed', { mountpath: path, cause: String(error) })
    }
    running = undefined
  }

  return {
    wake: () => {
      again = true
      running ??= run()
    },
    close: async () => {
      closing = true
      await running
    },
  }
}
