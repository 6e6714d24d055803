/** Every bound of a mountpath. */
export interface MountpathLimits {
  /** Used share of the disk at which no body is taken any more. @see AIStore `space.out_of_space` */
  readonly outOfSpacePercent: number
  /** Age of the free-space figure at which it is asked again, ms. */
  readonly spaceCheckMs: number
  /** Open intents that start a directory sync. */
  readonly intentBatch: number
  /** Longest wait of an open intent for that sync, ms. */
  readonly intentDelayMs: number
  /** Bodies up to this size, bytes, are acknowledged at `disk` before they have a file of their own. */
  readonly inlineBytesMax: number
  /** Bytes of those that may wait for their files; then commits wait. */
  readonly inlineBacklogBytesMax: number
  /** From one round of writing them out to the next, ms. */
  readonly writeOutDelayMs: number
  /** Files written by one round, and taken to the disk by one sync. */
  readonly writeOutBatch: number
  /** Of these, how many per turn of the event loop, at least. */
  readonly writeOutStep: number
  /** Body bytes written on the event loop itself however slow the disk is. */
  readonly syncWriteBytesMax: number
  /** A write of one chunk that takes this long, ms, shows that the disk does not keep up. */
  readonly slowWriteMs: number
  /** For how long after that all but the first bytes of bodies go to the thread pool, ms. */
  readonly slowDiskMs: number
  /** Buffer of `OpenObject.read`. */
  readonly readBytes: number
  /** A file without a row is left alone until it has not changed for this long, ms. */
  readonly adoptAgeMs: number
  /** Rows of a destroyed bucket deleted per transaction. */
  readonly purgeRows: number
  /** Row changes after which the WAL is checkpointed. */
  readonly checkpointChanges: number
  /** A WAL up to this size, bytes, is synced but not moved when a mountpath opens or closes: that is not worth a thread. */
  readonly shortLogBytesMax: number
  /** Directories remembered as existing. */
  readonly knownDirectoriesMax: number
  /** Unsynced bytes whose checksums are verified after an unclean stop, at most. */
  readonly recoverVerifyBytesMax: number
  /** A catalog up to this size is checked page by page after an unclean stop. */
  readonly catalogCheckBytesMax: number
  /** Kept free for the catalog, so that deletes go on when the disk is full. */
  readonly reserveBytes: number
  /** An append or a multipart upload that nobody went on with for this long is removed, ms. */
  readonly abandonedAgeMs: number
  /** From one look for abandoned work to the next, ms. */
  readonly expiryCheckMs: number
  /** How long a tombstone is kept while nothing is away, ms. */
  readonly tombstoneAgeMs: number
  /** From one look for old tombstones to the next, ms. */
  readonly tombstoneCheckMs: number
  /** What the scrub reads of a mountpath, bytes a second at most; 0 means that there is no scrub. */
  readonly scrubBytesPerSecond: number
  /** What looking at one object costs it beside its bytes, as bytes. */
  readonly scrubObjectBytes: number
  /** Rest of the scrub for each ms of its work, ms: what lets it yield to load. */
  readonly scrubRestFactor: number
  /** From the begin of one round of the scrub to that of the next, ms. */
  readonly scrubIntervalMs: number
  /** From a start until the scrub goes on, ms. */
  readonly scrubDelayMs: number
}

export const defaultMountpathLimits: MountpathLimits = {
  outOfSpacePercent: 95,
  spaceCheckMs: 1_000,
  intentBatch: 256,
  intentDelayMs: 1_000,
  inlineBytesMax: 64 * 1024,
  inlineBacklogBytesMax: 64 * 1024 * 1024,
  writeOutDelayMs: 1_000,
  writeOutBatch: 4_096,
  writeOutStep: 16,
  syncWriteBytesMax: 256 * 1024,
  slowWriteMs: 20,
  slowDiskMs: 5_000,
  readBytes: 256 * 1024,
  adoptAgeMs: 10_000,
  purgeRows: 1_000,
  checkpointChanges: 4_000,
  shortLogBytesMax: 1024 * 1024,
  knownDirectoriesMax: 10_000,
  recoverVerifyBytesMax: 256 * 1024 * 1024,
  catalogCheckBytesMax: 256 * 1024 * 1024,
  reserveBytes: 4 * 1024 * 1024,
  abandonedAgeMs: 24 * 3_600_000,
  expiryCheckMs: 600_000,
  tombstoneAgeMs: 600_000,
  tombstoneCheckMs: 60_000,
  scrubBytesPerSecond: 16 * 1024 * 1024,
  scrubObjectBytes: 32 * 1024,
  scrubRestFactor: 4,
  scrubIntervalMs: 7 * 24 * 3_600_000,
  scrubDelayMs: 60_000,
}

/** Limits that are settings of the cluster, asked for at each use, so that a change takes effect at once. */
export interface LimitSettings {
  readonly outOfSpacePercent?: (() => number) | undefined
  /** No younger work is abandoned, whatever `abandonedAgeMs` is. @see AIStore `space.dont_cleanup_time` */
  readonly cleanupGraceMs?: (() => number) | undefined
}

/** The limits of one mountpath: the defaults, what departs from them, and the settings. */
export function resolveLimits(
  departures: Partial<MountpathLimits> = {},
  { outOfSpacePercent, cleanupGraceMs }: LimitSettings = {},
): MountpathLimits {
  const limits = { ...defaultMountpathLimits, ...departures }
  const { abandonedAgeMs } = limits
  if (outOfSpacePercent !== undefined) {
    Object.defineProperty(limits, 'outOfSpacePercent', { get: outOfSpacePercent })
  }
  if (cleanupGraceMs !== undefined) {
    const get = () => Math.max(abandonedAgeMs, cleanupGraceMs())
    Object.defineProperty(limits, 'abandonedAgeMs', { get })
  }
  return limits
}
