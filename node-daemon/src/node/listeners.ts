import { type NetInfo, netInfo } from '@aistore-ts/core/cluster/snode.ts'
import { limits } from '@aistore-ts/core/config/limits.ts'
import type { LocalConfig } from '@aistore-ts/core/config/local-config.ts'
import type { Handler, Network, Reply } from '@aistore-ts/core/ports/call.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { Listener, Platform, RefusedCall } from '@aistore-ts/core/ports/platform.ts'

/** A node's listeners and where they can be reached. */
export interface Listeners {
  readonly publicNet: NetInfo
  readonly controlNet: NetInfo
  readonly dataNet: NetInfo
  close(graceMs: number): Promise<void>
}

export interface ListenersOptions {
  readonly platform: Platform
  readonly local: LocalConfig
  readonly log: Log
  /** Called for every call on every network. */
  readonly handler: Handler
  /** The reply to what a listener refuses by itself. */
  refuse(refused: RefusedCall): Reply
}

/** Opens all networks or, when one cannot be had, none. @throws AisError `ErrPortInUse` */
export async function openListeners(options: ListenersOptions): Promise<Listeners> {
  const { platform, local, log, handler, refuse } = options
  const { host_net: net } = local
  const host = net.hostname === '' ? '127.0.0.1' : net.hostname
  const opened: Listener[] = []

  async function open(name: string, port: number, network: Network): Promise<NetInfo> {
    const hostname = name === '' ? host : name
    const listener = await platform.serve(handler, {
      host: hostname,
      port,
      network,
      headerBytesMax: limits.headerBytesMax,
      keepAliveMs: limits.keepAliveMs,
      minRateBytes: limits.bodyRateBytesMin,
      stallMs: limits.bodyStallMs,
      sendBufferBytes: limits.sendBufferBytes,
      refuse,
      onError: (error, call) =>
        log.error('handler failed', { error, method: call?.method, target: call?.target }),
    })
    opened.push(listener)
    return netInfo(hostname, listener.port)
  }

  async function close(graceMs: number): Promise<void> {
    await Promise.all(opened.map((listener) => listener.close(graceMs)))
  }

  try {
    const publicNet = await open(host, net.port, 'public')
    const controlNet = await open(net.hostname_intra_control, net.port_intra_control, 'control')
    const dataNet = await open(net.hostname_intra_data, net.port_intra_data, 'data')
    return { publicNet, controlNet, dataNet, close }
  } catch (error) {
    await close(0)
    throw error
  }
}
