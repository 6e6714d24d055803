import { keepaliveJson } from '@aistore-ts/core/cluster/keepalive.ts'
import { parseMetasync } from '@aistore-ts/core/cluster/metasync.ts'
import { primaryOf } from '@aistore-ts/core/cluster/smap.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import { checkStatus } from '@aistore-ts/core/node/node-answer.ts'
import type { NodeContext } from '@aistore-ts/core/node/node-context.ts'
import { parseJsonBytes, stringifyJson } from '@aistore-ts/core/wire/json.ts'

/** How a node becomes, and stays, part of its cluster. */
export interface Membership {
  /** Tells the primary that we are here, and takes over the metadata we lack. @throws AisError when no gateway answers */
  announce(): Promise<void>
  /** Resolves when this node is in the map. @throws AisError when the cluster refuses it */
  join(): Promise<void>
  /** Runs `tick` and announces the node once per keepalive interval, until it stops. */
  keepAlive(tick: () => Promise<void>): Promise<void>
}

export interface MembershipOptions {
  readonly context: NodeContext
  /** Public URL of a gateway; absent for the one that starts the cluster. */
  readonly joinUrl: string | undefined
  /** Targets the gateway that starts the cluster waits for. */
  readonly targetsExpected: number
  readonly stopping: AbortSignal
}

const announceTimeoutMs = 5_000
/** Pause between two tries to join, ms. */
const joinPauseMs = 100
/** Of so many failures to join, one is logged. */
const failuresPerLog = 50

export function createMembership(options: MembershipOptions): Membership {
  const { context, stopping } = options
  const { metadata, platform, log } = context
  const { clock } = platform

  async function announceAt(url: string): Promise<void> {
    const body = stringifyJson(keepaliveJson(context.self(), metadata))
    const call = { method: 'POST', target: '/v1/cluster/keepalive', body }
    const answer = await platform.call(url, call, announceTimeoutMs)
    await metadata.apply(parseMetasync(parseJsonBytes(await checkStatus(answer))))
  }

  /**
   * The primary's address of the map may be of an earlier run, and somebody else may have it now: the
   * configured one is asked as well before we give up.
   */
  async function announce(): Promise<void> {
    const primary = primaryOf(metadata.smap())
    const isOther = primary !== undefined && primary.daemonId !== context.self().daemonId
    const urls = [isOther ? primary.controlNet.url : undefined, options.joinUrl]
    let failure: unknown = new AisError('ErrNotReady', 'no gateway to join through is known')
    for (const url of urls) {
      if (url === undefined) continue
      try {
        await announceAt(url)
        return
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  /** A new cluster opens when the targets it was promised are there, or when `startup_time` is over. */
  async function awaitTargets(): Promise<void> {
    const deadline = clock.monotonic() + metadata.config().timeout.startup_time
    while (metadata.smap().targets.size < options.targetsExpected && clock.monotonic() < deadline) {
      await clock.sleep(joinPauseMs, stopping)
    }
  }

  async function join(): Promise<void> {
    if (options.joinUrl === undefined) {
      await awaitTargets()
      return
    }
    for (let failures = 0; !stopping.aborted; failures++) {
      try {
        await announce()
        log.info('joined', { cluster: metadata.smap().uuid, smap: metadata.smap().version })
        return
      } catch (error) {
        // Refused for what we are, not for when we came.
        if (error instanceof AisError && error.status === 400) throw error
        if (failures % failuresPerLog === 0) log.warn('cannot join yet', { error })
        await clock.sleep(joinPauseMs, stopping).catch(() => undefined)
      }
    }
  }

  return {
    announce,
    join,
    async keepAlive(tick) {
      for (;;) {
        const { interval } = metadata.config().keepalivetracker[context.self().daemonType]
        await clock.sleep(interval, stopping).catch(() => undefined)
        if (stopping.aborted) return
        const isPrimary = metadata.smap().primaryId === context.self().daemonId
        if (!isPrimary) {
          await announce().catch((error: unknown) => {
            context.stats.add('err.kalive.n')
            log.warn('keepalive failed', { error })
          })
        }
        await tick()
      }
    },
  }
}
