/** Nonces of one page: so many in a row share a bit field. */
const pageNonces = 65_536

/** Nonces of redirects whose change came about: each is good for one. Edge gateways and daemons count theirs up. */
export interface SpentNonces {
  /**
   * Holds the nonce for a call that begins.
   * @returns `undefined` when it is spent, or another call with it is under way
   */
  take(signerId: string, nonce: string): TakenNonce | undefined
}

export interface TakenNonce {
  /** The call is over; `spent`: it changed something. */
  settle(spent: boolean): void
}

interface Page {
  readonly bits: Uint8Array
  usedMs: number
}

/**
 * Bit fields, 8 KiB for 65,536 nonces of a signer, kept for as long as a tag with one of them could be taken.
 * @param windowMs how long a tag is good for, before and after the time in it
 * @param monotonic ms, never going back
 */
export function createSpentNonces(windowMs: () => number, monotonic: () => number): SpentNonces {
  const pages = new Map<string, Page>()
  const held = new Set<string>()

  function forgetOld(nowMs: number): void {
    for (const [name, page] of pages) if (nowMs - page.usedMs > 2 * windowMs()) pages.delete(name)
  }

  function pageOf(name: string): Page {
    const nowMs = monotonic()
    let page = pages.get(name)
    if (page === undefined) {
      forgetOld(nowMs)
      page = { bits: new Uint8Array(pageNonces / 8), usedMs: nowMs }
      pages.set(name, page)
    }
    page.usedMs = nowMs
    return page
  }

  return {
    take(signerId, nonce) {
      const [, start, digits] = /^([0-9a-z]{1,12})\.([0-9a-z]{1,10})$/.exec(nonce) ?? []
      if (start === undefined || digits === undefined) return undefined
      const count = Number.parseInt(digits, 36)
      const at = count % pageNonces
      const mask = 1 << (at & 7)
      const pageName = `${signerId} ${start} ${(count - at) / pageNonces}`
      const name = `${signerId} ${start} ${count}`
      const known = pages.get(pageName)
      if (held.has(name) || ((known?.bits[at >> 3] ?? 0) & mask) !== 0) return undefined
      held.add(name)
      return {
        settle(spent) {
          held.delete(name)
          if (!spent) return
          const { bits } = pageOf(pageName)
          bits[at >> 3] = (bits[at >> 3] ?? 0) | mask
        },
      }
    },
  }
}
