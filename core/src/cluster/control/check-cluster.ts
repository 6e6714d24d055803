import { AisError } from '../../errors/ais-error.ts'
import { type ControlState, newestSmap } from './control-state.ts'

/** @throws AisError `ErrBadRequest` when a call comes from another cluster than the one this node belongs to */
export function checkCluster(state: ControlState, uuid: string): void {
  const own = newestSmap(state).uuid
  if (own === '' || uuid === own) return
  throw new AisError(
    'ErrBadRequest',
    `cluster integrity error (cie#30): a call of cluster "${uuid}", node ${state.selfId} belongs to "${own}"`,
  )
}
