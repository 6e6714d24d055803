import { AisError } from '../errors/ais-error.ts'

const gib = 1024 ** 3

/** What one pass over an archive may cost. */
export interface ArchiveLimits {
  /** `archive.scan_bytes_max`: bytes read of the archive, unpacked. */
  readonly scanBytesMax: number
  /** `archive.ratio_max`: unpacked bytes per packed one, counted after `ratioAfterBytes`. Honest gzip reaches 1,032. */
  readonly ratioMax: number
  readonly ratioAfterBytes: number
  /** `archive.members_max` */
  readonly membersMax: number
}

export const archiveLimits: ArchiveLimits = {
  scanBytesMax: 64 * gib,
  ratioMax: 1_100,
  ratioAfterBytes: gib,
  membersMax: 10_000_000,
}

/** Longest time a scan keeps the loop, ms. */
const turnMs = 8

export interface GuardParts {
  readonly limits: ArchiveLimits
  /** Aborted when nobody waits for the result any more. */
  readonly signal: AbortSignal
  monotonic(): number
  /** Lets others have their turn. */
  afterTurn(): Promise<void>
}

/** Counts what a request reads of archives, gives the loop back in time, and ends the scan at a limit. */
export class ArchiveGuard {
  readonly #parts: GuardParts
  #scannedBytes = 0
  #packedBytes = 0
  #members = 0
  #turnBegan: number

  constructor(parts: GuardParts) {
    this.#parts = parts
    this.#turnBegan = parts.monotonic()
  }

  get scannedBytes(): number {
    return this.#scannedBytes
  }

  /** @throws AisError `ErrTooLarge` */
  addScanned(bytes: number): void {
    this.#scannedBytes += bytes
    if (this.#scannedBytes > this.#parts.limits.scanBytesMax) {
      throw exceeded('archive.scan_bytes_max', this.#parts.limits.scanBytesMax)
    }
  }

  addPacked(bytes: number): void {
    this.#packedBytes += bytes
  }

  /** Called with what came out of `addPacked`. @throws AisError `ErrTooLarge` */
  checkRatio(unpackedBytes: number): void {
    const { ratioMax, ratioAfterBytes } = this.#parts.limits
    if (unpackedBytes > ratioAfterBytes && unpackedBytes > this.#packedBytes * ratioMax) {
      throw exceeded('archive.ratio_max', ratioMax)
    }
  }

  /** @throws AisError `ErrTooLarge` */
  addMember(): void {
    this.#members += 1
    if (this.#members > this.#parts.limits.membersMax) {
      throw exceeded('archive.members_max', this.#parts.limits.membersMax)
    }
  }

  /** To be awaited between steps, when it is there. @throws the signal's reason once nobody waits */
  turn(): Promise<void> | undefined {
    if (this.#parts.monotonic() - this.#turnBegan < turnMs) return undefined
    return this.#rest()
  }

  async #rest(): Promise<void> {
    this.#parts.signal.throwIfAborted()
    await this.#parts.afterTurn()
    this.#parts.signal.throwIfAborted()
    this.#turnBegan = this.#parts.monotonic()
  }
}

function exceeded(name: string, limit: number): AisError {
  return new AisError('ErrTooLarge', `archive is beyond ${name} (${limit})`)
}
