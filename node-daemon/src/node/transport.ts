import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import type { Transport } from '@aistore-ts/core/ports/transport.ts'

/** Calls nodes at the address the map gives for the network. */
export function createTransport(platform: Platform): Transport {
  return {
    call(to, network, call, timeoutMs) {
      const net =
        network === 'control' ? to.controlNet : network === 'data' ? to.dataNet : to.publicNet
      return platform.call(net.url, call, timeoutMs)
    },
  }
}
