/** Something that is to happen at a moment. */
interface Appointment {
  readonly at: number
  readonly order: number
  readonly task: () => void
  cancelled: boolean
}

/** Takes an appointment back. */
export type Cancel = () => void

/** Resolves when nothing is left to do at the present moment: every promise that could settle has. */
export type Turn = () => Promise<void>

function before(a: Appointment, b: Appointment): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at
}

/**
 * Virtual time for a whole cluster: it moves only when nothing is left to do. Tasks run in order of their moment, then
 * of their registration, each followed by one turn.
 */
export class Timeline {
  #now = 0
  #order = 0
  /** Binary heap, the next appointment first. */
  readonly #heap: Appointment[] = []
  readonly #turn: Turn

  constructor(turn: Turn) {
    this.#turn = turn
  }

  /** Ms since the beginning. */
  get now(): number {
    return this.#now
  }

  /** Appointments kept so far. */
  get events(): number {
    return this.#order
  }

  at(moment: number, task: () => void): Cancel {
    const at = Math.max(moment, this.#now)
    const appointment: Appointment = { at, order: this.#order++, task, cancelled: false }
    this.#push(appointment)
    return () => {
      appointment.cancelled = true
    }
  }

  after(delayMs: number, task: () => void): Cancel {
    return this.at(this.#now + Math.max(0, delayMs), task)
  }

  /** Runs what happens up to `untilMs`. `settled` is called after each task, when all that follows from it is done. */
  async run(untilMs: number, settled: () => void): Promise<void> {
    await this.#turn()
    settled()
    for (;;) {
      const next = this.#heap[0]
      if (next === undefined || next.at > untilMs) break
      this.#pop()
      if (next.cancelled) continue
      this.#now = next.at
      next.task()
      await this.#turn()
      settled()
    }
    this.#now = Math.max(this.#now, untilMs)
  }

  #push(appointment: Appointment): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(appointment)
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || !before(appointment, parent)) break
      heap[at] = parent
      at = up
    }
    heap[at] = appointment
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const left = heap[2 * at + 1]
      const right = heap[2 * at + 2]
      if (left === undefined) break
      const child = right !== undefined && before(right, left) ? right : left
      if (!before(child, last)) break
      heap[at] = child
      at = 2 * at + (child === left ? 1 : 2)
    }
    heap[at] = last
  }
}
