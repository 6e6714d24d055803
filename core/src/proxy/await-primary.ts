import { primaryOf } from '../cluster/smap.ts'
import type { Snode } from '../cluster/snode.ts'
import { AisError, isAisError } from '../errors/ais-error.ts'
import type { ProxyNode } from './proxy.ts'

/** How many keepalive intervals a call waits for the next primary: as long as an election takes at worst. */
const patienceIntervals = 6

/** Nobody listened there: the call has not begun. A connection that broke says less. */
function neverArrived(error: unknown): boolean {
  if (!isAisError(error, 'ErrUnreachable')) return false
  const { cause } = error
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED'
}

/** Resolves when the map names another primary than `gone`, or another address of it; `false`: not in time. */
async function nextPrimary(proxy: ProxyNode, gone: Snode, deadline: number): Promise<boolean> {
  const { clock } = proxy.platform
  for (;;) {
    const now = primaryOf(proxy.metadata.smap())
    if (now && now.controlNet.url !== gone.controlNet.url) return true
    const left = deadline - clock.monotonic()
    if (left <= 0 || proxy.lifecycle.standby()) return false
    await proxy.control.change(left)
  }
}

/**
 * Runs `call` against the primary. When nobody is at its address, the call waits for the next primary and is made
 * there: a client of this gateway does not notice the change.
 * @throws AisError as `call`; `ErrNotReady` no primary is known, or none came in time
 */
export async function callPrimary<T>(
  proxy: ProxyNode,
  call: (primary: Snode) => Promise<T>,
): Promise<T> {
  const { clock } = proxy.platform
  const deadline = clock.monotonic() + patienceIntervals * proxy.control.timing().intervalMs
  for (;;) {
    const primary = primaryOf(proxy.metadata.smap())
    if (primary === undefined) {
      throw new AisError('ErrNotReady', 'the primary is not known at this moment, please try again')
    }
    try {
      return await call(primary)
    } catch (error) {
      if (!neverArrived(error)) throw error
      if (await nextPrimary(proxy, primary, deadline)) continue
      throw new AisError('ErrNotReady', 'the primary is away and no other leads yet', {
        cause: error,
      })
    }
  }
}
