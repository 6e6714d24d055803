import type { Link } from './network.ts'

/** What is done to a cluster at a moment, ms; what lasts, lasts `forMs`. */
export type SimEvent = { readonly at: number } & (
  | { readonly kind: 'bucket'; readonly key: number; readonly gateway: number }
  | { readonly kind: 'config'; readonly value: number; readonly gateway: number }
  | { readonly kind: 'object'; readonly key: number; readonly gateway: number }
  /** An object is written through one gateway and, when that has its end, through another. */
  | {
      readonly kind: 'rewrite'
      readonly key: number
      readonly gateway: number
      readonly again: number
    }
  | { readonly kind: 'set-primary'; readonly to: string; readonly gateway: number }
  | { readonly kind: 'start'; readonly who: string }
  | {
      readonly kind: 'maintenance'
      readonly who: string
      readonly gateway: number
      readonly forMs: number
    }
  | {
      readonly kind: 'leave'
      readonly action: 'start-maintenance' | 'shutdown-node' | 'decommission-node'
      readonly who: string
      readonly rebalance: boolean
      /** Of a node that is forgotten: its objects go as well. */
      readonly wipe: boolean
      readonly gateway: number
      readonly forMs: number
    }
  /** A node is emptied, brought back the moment that its objects are elsewhere, and then told to forget itself with its objects. */
  | { readonly kind: 'leave-twice'; readonly who: string; readonly gateway: number }
  | { readonly kind: 'rename'; readonly key: number; readonly gateway: number }
  | { readonly kind: 'rename-objects'; readonly gateway: number }
  | { readonly kind: 'credentials'; readonly key: number; readonly gateway: number }
  | {
      readonly kind: 'crash'
      readonly who: string
      readonly forMs: number
      readonly moves: boolean
    }
  | { readonly kind: 'crash-all'; readonly order: readonly string[]; readonly forMs: number }
  | { readonly kind: 'pause'; readonly who: string; readonly forMs: number }
  | { readonly kind: 'slow'; readonly who: string; readonly byMs: number; readonly forMs: number }
  | { readonly kind: 'block' | 'clog'; readonly links: readonly Link[]; readonly forMs: number }
  | { readonly kind: 'loss'; readonly share: number; readonly forMs: number }
  | { readonly kind: 'latency'; readonly ms: number; readonly forMs: number }
  | { readonly kind: 'wall'; readonly who: string; readonly byMs: number }
)

/** In the place of a node's name: whoever leads at that moment. */
export const primaryNow = 'primary'

/** One line for a person. */
export function describeEvent(event: SimEvent): string {
  const { at, kind, ...rest } = event
  const details = Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`)
  return `${(at / 1_000).toFixed(3)} s ${kind} ${details.join(' ')}`
}
