/** Memory that a body takes beside its bytes, about. */
const bookkeepingBytes = 512

/** Bounds the small bodies that wait for their files: who comes when there is no room waits, in order. */
export interface Backlog {
  /** Takes room for a body. @throws what `refuse` was given, instead of waiting */
  take(sizeBytes: number): void | Promise<void>
  /** Counts a body that is there already, whether there is room or not. */
  count(sizeBytes: number): void
  give(sizeBytes: number): void
  /** Room is not to be expected: those who wait fail, and so does who comes and would have to. `undefined` ends it. */
  refuse(error: Error | undefined): void
  /** More than half of the room is taken. */
  readonly pressing: boolean
}

interface Waiter {
  readonly costBytes: number
  resolve(): void
  reject(error: Error): void
}

export function createBacklog(bytesMax: number): Backlog {
  let usedBytes = 0
  let waiting: Waiter[] = []
  let refusal: Error | undefined

  // A body larger than all the room is taken alone.
  const fits = (costBytes: number): boolean => usedBytes === 0 || usedBytes + costBytes <= bytesMax

  const admit = (): void => {
    let admitted = 0
    for (const { costBytes, resolve } of waiting) {
      if (!fits(costBytes)) break
      usedBytes += costBytes
      admitted++
      resolve()
    }
    waiting = waiting.slice(admitted)
  }

  return {
    take: (sizeBytes) => {
      const costBytes = sizeBytes + bookkeepingBytes
      if (waiting.length === 0 && fits(costBytes)) {
        usedBytes += costBytes
        return
      }
      if (refusal !== undefined) throw refusal
      return new Promise((resolve, reject) => {
        waiting.push({ costBytes, resolve, reject })
      })
    },
    count: (sizeBytes) => {
      usedBytes += sizeBytes + bookkeepingBytes
    },
    give: (sizeBytes) => {
      usedBytes -= sizeBytes + bookkeepingBytes
      admit()
    },
    refuse: (error) => {
      refusal = error
      if (error === undefined) return
      for (const { reject } of waiting) reject(error)
      waiting = []
    },
    get pressing() {
      return usedBytes > bytesMax / 2
    },
  }
}
