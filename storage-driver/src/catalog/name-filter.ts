/** Keys that a filter takes at first, in 128 KiB of memory. */
export const filterKeysMin = 131_072

/** With eight bits for a key, of which four are set, one absent key in forty is taken for one that may be there. */
const bitsPerKey = 8
const bitsSet = 4

/** A filter that is full is followed by one of so many times its size. */
const growth = 8

type Key = readonly [bid: Uint8Array, name: string]

/** At most `limit` keys after `after`, in any order that stays the same. */
export type ReadKeys = (after: Key | undefined, limit: number) => readonly Key[]

/**
 * Tells of keys that were never added, so that a new name costs no query. What was there before it learns in small steps,
 * and lacks nothing until it has seen all. A key is not taken out: one that went stays until the filter is made anew, which is
 * when it is full. A Bloom filter.
 */
export interface NameFilter {
  /** `true`: it is not there. `false` says nothing. */
  lacks(bid: Uint8Array, name: string): boolean
  add(bid: Uint8Array, name: string): void
  /** Reads the next `limit` keys, unless all are known. */
  learn(limit: number): void
  /** Keys may have come back that were not added: all are learnt anew. */
  forget(): void
}

export function createNameFilter(read: ReadKeys, keysMin = filterKeysMin): NameFilter {
  let known: KeyBits | undefined
  /** Being filled: what is added meanwhile is in it as well. */
  let next: KeyBits | undefined = new KeyBits(keysMin)
  let last: Key | undefined

  const startAnew = (keysMax: number): void => {
    next = new KeyBits(keysMax)
    last = undefined
  }

  const add = (bid: Uint8Array, name: string): void => {
    const hash = hashOf(bid, name)
    known?.add(hash)
    next?.add(hash)
    const newest = next ?? known
    if (newest?.full === true) startAnew(newest.keysMax * growth)
  }

  return {
    lacks: (bid, name) => known !== undefined && !known.has(hashOf(bid, name)),
    add,
    learn: (limit) => {
      const filling = next
      if (filling === undefined) return
      const keys = read(last, limit)
      last = keys.at(-1)
      for (const [bid, name] of keys) add(bid, name)
      if (next !== filling || keys.length === limit) return
      known = filling
      next = undefined
    },
    forget: () => {
      known = undefined
      startAnew(keysMin)
    },
  }
}

class KeyBits {
  readonly keysMax: number
  readonly #words: Uint32Array
  readonly #mask: number
  #keys = 0

  /** @param keysMax a power of two */
  constructor(keysMax: number) {
    this.keysMax = keysMax
    this.#words = new Uint32Array((keysMax * bitsPerKey) / 32)
    this.#mask = keysMax * bitsPerKey - 1
  }

  get full(): boolean {
    return this.#keys >= this.keysMax
  }

  add(hash: number): void {
    const stride = strideOf(hash)
    let isNew = false
    for (let i = 0, at = hash; i < bitsSet; i++, at += stride) {
      const bit = 1 << (at & 31)
      const word = (at & this.#mask) >>> 5
      const before = this.#words[word] ?? 0
      if ((before & bit) !== 0) continue
      this.#words[word] = before | bit
      isNew = true
    }
    if (isNew) this.#keys++
  }

  has(hash: number): boolean {
    const stride = strideOf(hash)
    for (let i = 0, at = hash; i < bitsSet; i++, at += stride) {
      if (((this.#words[(at & this.#mask) >>> 5] ?? 0) & (1 << (at & 31))) === 0) return false
    }
    return true
  }
}

/** FNV-1a, its bits mixed as MurmurHash3 does at the end: they decide on words far apart. */
function hashOf(bid: Uint8Array, name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < bid.length; i++) hash = Math.imul(hash ^ (bid[i] ?? 0), 0x01000193)
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  }
  return mixed(hash)
}

/** From one bit of a key to its next: odd, so that they differ. */
function strideOf(hash: number): number {
  return mixed(hash ^ 0x9e3779b9) | 1
}

function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
