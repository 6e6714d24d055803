import type { Answered, Asked } from './exchange.ts'

/** One way in which a single header, status, byte or ordering goes wrong between client and cluster. */
export interface Corruption {
  readonly id: string
  /** Cases that are expected to notice, tried first; the rest are only run when none of these does. */
  readonly cases: RegExp
  /** Undefined where the corruption does not apply. */
  request?(asked: Asked): Asked | undefined
  /** Undefined where the corruption does not apply. */
  answer?(answered: Answered, asked: Asked): Answered | undefined
}
