import { emptySmap, type OtherCluster } from '../smap.ts'
import { blankState } from './cluster-state.ts'
import type { ControlState } from './control-state.ts'

/**
 * The state of a node that goes over to another cluster: of its own nothing is left but the settings it runs with until it
 * has those of the other one, whose gateways it finds as its configured ones. Votes of the former cluster mean nothing in
 * the next.
 */
export function changeCluster(state: ControlState, { uuid, urls }: OtherCluster): ControlState {
  const { config } = state.committed
  const [first = '', second = first] = urls
  const proxy = {
    ...config.proxy,
    primary_url: first,
    original_url: first,
    discovery_url: second,
  }
  return {
    ...state,
    term: 0,
    votedFor: '',
    votedAt: Number.NEGATIVE_INFINITY,
    committed: { ...blankState({ ...config, proxy }), smap: { ...emptySmap(), uuid } },
    pending: undefined,
    leading: undefined,
  }
}
