import { createSendQueues, type QueuedSocket } from './send-queues.ts'

/**
 * Bytes a reply may save up beyond its first allowance: a reader that was quick and then slows down shows no
 * progress while its kernel works off what it took in, 96 s at 4 KiB/s when the window opens in steps of 384 KiB.
 */
const savedBytesMax = 131_072

/** The kernel is asked at least this seldom, ms, however short the allowance. */
const tickMsMin = 25
const tickMsMax = 4_000

/** What the guard needs of a connection. */
export interface WatchedSocket extends QueuedSocket {
  /** Closes with RST. */
  resetAndDestroy(): void
}

/** One transfer under watch. */
export interface WatchedTransfer {
  readonly socket: WatchedSocket
  readonly direction: 'in' | 'out'
  /** Is it the client that keeps us waiting right now? */
  waiting(): boolean
  /** Bytes that have come from the client, or gone to the kernel, so far. */
  movedBytes(): number
}

/** Cuts clients that neither send what they announced nor take what they asked for. */
export interface RateGuard {
  /** Watches until the returned function is called. A client that is too slow loses its connection. */
  watch(transfer: WatchedTransfer): () => void
  close(): void
}

interface Account {
  readonly transfer: WatchedTransfer
  creditBytes: number
  movedBytes: number
}

/**
 * Keeps an account for each transfer: it starts with what `minRateBytes` gives over `stallMs`, loses
 * `minRateBytes` for every second we wait for the client, and earns every byte that moves. At zero the
 * socket is destroyed. So a client that stops sending is cut after `stallMs`, one that stops reading up to
 * `savedBytesMax / minRateBytes` seconds later, and one that keeps the rate never is.
 * Time in which the handler or the disk is the slow side costs nothing. `minRateBytes` 0 watches nobody.
 */
export function createRateGuard(minRateBytes: number, stallMs: number): RateGuard {
  const accounts = new Set<Account>()
  const firstBytes = (minRateBytes * stallMs) / 1_000
  const sendQueues = createSendQueues()
  let tickedMs = performance.now()
  let timer: ReturnType<typeof setInterval> | undefined

  function earn(account: Account, bytes: number): void {
    const most = account.transfer.direction === 'out' ? firstBytes + savedBytesMax : firstBytes
    account.creditBytes = Math.min(account.creditBytes + bytes, most)
  }

  function tick(): void {
    const nowMs = performance.now()
    const costBytes = (minRateBytes * (nowMs - tickedMs)) / 1_000
    tickedMs = nowMs
    const stalled: Account[] = []
    for (const account of accounts) {
      const movedBytes = account.transfer.movedBytes()
      const earnedBytes = Math.max(0, movedBytes - account.movedBytes)
      account.movedBytes = movedBytes
      earn(account, earnedBytes)
      if (!account.transfer.waiting()) continue
      account.creditBytes -= costBytes
      if (account.transfer.direction === 'out' && earnedBytes === 0) stalled.push(account)
    }
    // A full kernel queue hides a slow reader from us: what left it counts as moved.
    if (stalled.length > 0) {
      sendQueues.sample(stalled.map((account) => account.transfer.socket))
      for (const account of stalled) {
        earn(account, sendQueues.shrunkBytes(account.transfer.socket))
      }
    }
    for (const account of accounts) {
      if (account.creditBytes > 0) continue
      accounts.delete(account)
      // Reset, not closed: a close would wait in the kernel, with all its unsent bytes, for a window that never opens.
      account.transfer.socket.resetAndDestroy()
    }
    if (accounts.size === 0) stop()
  }

  function start(): void {
    if (timer !== undefined) return
    tickedMs = performance.now()
    timer = setInterval(tick, Math.min(Math.max(stallMs / 8, tickMsMin), tickMsMax))
    timer.unref?.()
  }

  function stop(): void {
    if (timer !== undefined) clearInterval(timer)
    timer = undefined
  }

  return {
    watch(transfer) {
      if (minRateBytes <= 0) return () => {}
      const account = { transfer, creditBytes: firstBytes, movedBytes: transfer.movedBytes() }
      accounts.add(account)
      start()
      return () => {
        accounts.delete(account)
      }
    },
    close() {
      accounts.clear()
      stop()
    },
  }
}
