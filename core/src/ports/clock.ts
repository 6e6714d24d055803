/** Time as the product sees it: real in a daemon, virtual in simulation. */
export interface Clock {
  /** Wall time, ms since the Unix epoch. May jump: for stamps that travel, never for durations. */
  now(): number
  /** Wall time in integer nanoseconds, as precise as the runtime allows. May jump, as `now`. */
  nowNs(): bigint
  /** Ms since an arbitrary start. Never goes back. */
  monotonic(): number
  /** Resolves after `delayMs`; rejects with `signal.reason` when aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}
