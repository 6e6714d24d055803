import type { Step } from './case.ts'

/** Something a case hangs on that not every endpoint has. Asked once per run, never assumed. */
export interface Capability {
  readonly id: string
  readonly title: string
  /**
   * `environment`: how the cluster is laid out or reached; absence is a reason, not a fault.
   * `server`: what the server can do; absence must be declared, else the run fails.
   */
  readonly belongsTo: 'environment' | 'server'
  /** An addition of AIStore for TypeScript: taken as declared absent on the reference. */
  readonly ours?: boolean
  readonly probe: CapabilityProbe
}

/** How to find out: a least number of targets in the map, or steps that all pass. */
export type CapabilityProbe = { readonly targetsMin: number } | { readonly steps: readonly Step[] }
