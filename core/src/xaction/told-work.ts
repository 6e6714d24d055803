import type { Work } from './xaction-kind.ts'

/** Tells of a unit of work; resolves when the job may go on. */
export type Tell = (work: Work) => Promise<void>

/**
 * The units of a task that is pulled by somebody else, such as the members of an archive by who writes it: they go on one
 * by one as the job does. Left early, it still waits for the end of the task, which has to notice its signal.
 */
export async function* toldWork(task: (tell: Tell) => Promise<void>): AsyncGenerator<Work, void> {
  const told: { readonly work: Work; readonly taken: () => void }[] = []
  let wake: () => void = () => undefined
  let isOver = false
  let isLeft = false
  const done = task((work) => {
    if (isLeft) return Promise.resolve()
    return new Promise((taken) => {
      told.push({ work, taken })
      wake()
    })
  }).finally(() => {
    isOver = true
    wake()
  })
  const settled = done.catch(() => undefined)
  try {
    while (!isOver || told.length > 0) {
      const next = told.shift()
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      try {
        yield next.work
      } finally {
        next.taken()
      }
    }
    await done
  } finally {
    isLeft = true
    for (const { taken } of told) taken()
    await settled
  }
}
