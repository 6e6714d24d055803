/**
 * Works through `items` with at most `workersMax` at a time. Stops handing out after the first throw and rethrows it
 * when the others are done.
 */
export async function runWorkers<T>(
  items: Iterable<T> | AsyncIterable<T>,
  workersMax: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  let failed = false
  const worker = async () => {
    while (!failed) {
      const next = await iterator.next()
      if (next.done === true) return
      try {
        await work(next.value)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const workers = Array.from({ length: Math.max(1, workersMax) }, worker)
  const results = await Promise.allSettled(workers)
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
