import { type NetInfo, netInfo } from '@aistore-ts/core/cluster/snode.ts'
import { limits } from '@aistore-ts/core/config/limits.ts'
import type { LocalConfig } from '@aistore-ts/core/config/local-config.ts'
import type { Handler, Network, Reply } from '@aistore-ts/core/ports/call.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { Listener, Platform, RefusedCall } from '@aistore-ts/core/ports/platform.ts'
import type { Tls } from '@aistore-ts/core/ports/tls.ts'

/** A node's listeners and where they can be reached. */
export interface Listeners {
  readonly publicNet: NetInfo
  readonly controlNet: NetInfo
  readonly dataNet: NetInfo
  /** S3 at the root, where it was asked for. */
  readonly s3: NetInfo | undefined
  close(graceMs: number): Promise<void>
}

export interface ListenersOptions {
  readonly platform: Platform
  readonly local: LocalConfig
  readonly log: Log
  /** Absent: plain HTTP on every network. */
  readonly tls: Tls | undefined
  /** Called for every call on every network. */
  readonly handler: Handler
  /** A listener more, for S3 at the root; port 0 takes a free one. */
  readonly s3?: { readonly port: number; readonly handler: Handler } | undefined
  /** The reply to what a listener refuses by itself; `s3`: the one of S3 alone. */
  refuse(refused: RefusedCall, s3: boolean): Reply
}

/** Opens all networks or, when one cannot be had, none. @throws AisError `ErrPortInUse` */
export async function openListeners(options: ListenersOptions): Promise<Listeners> {
  const { platform, local, log, tls, refuse } = options
  const { host_net: net } = local
  const host = net.hostname === '' ? '127.0.0.1' : net.hostname
  const opened: Listener[] = []

  async function open(
    name: string,
    port: number,
    network: Network,
    handler = options.handler,
  ): Promise<NetInfo> {
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
      tls,
      refuse: (refused) => refuse(refused, handler !== options.handler),
      onError: (error, call) =>
        log.error('handler failed', { error, method: call?.method, target: call?.target }),
    })
    opened.push(listener)
    return netInfo(hostname, listener.port, tls === undefined ? 'http' : 'https')
  }

  async function close(graceMs: number): Promise<void> {
    await Promise.all(opened.map((listener) => listener.close(graceMs)))
  }

  try {
    const publicNet = await open(host, net.port, 'public')
    const controlNet = await open(net.hostname_intra_control, net.port_intra_control, 'control')
    const dataNet = await open(net.hostname_intra_data, net.port_intra_data, 'data')
    const s3 = options.s3 && (await open(host, options.s3.port, 'public', options.s3.handler))
    return { publicNet, controlNet, dataNet, s3, close }
  } catch (error) {
    await close(0)
    throw error
  }
}
