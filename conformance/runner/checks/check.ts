import type { Answer } from '../http/answer.ts'
import type { ClusterMap } from '../placement/cluster-map.ts'

/** What a named check may look at besides the answer. */
export interface CheckContext {
  readonly map: ClusterMap
}

/**
 * A property too special for a matcher, named so that cases stay data.
 * @returns nothing when it holds, else one sentence
 */
export type Check = (answer: Answer, context: CheckContext) => string | undefined
