import type { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { ChecksumType } from '@aistore-ts/core/object/checksum.ts'
import type { Clock } from '@aistore-ts/core/ports/clock.ts'
import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { Hasher } from '@aistore-ts/core/ports/platform.ts'
import type { Random } from '@aistore-ts/core/ports/random.ts'
import type { SqliteCheckpoint, SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import type { Catalog } from '../catalog/open-catalog.ts'
import type { BucketRegistry } from './buckets/bucket-registry.ts'
import type { FaultGate } from './disk/fault-gate.ts'
import type { Space } from './disk/space.ts'
import type { WritePace } from './disk/write-pace.ts'
import type { Backlog } from './inline/backlog.ts'
import type { InlineBodies } from './inline/inline-bodies.ts'
import type { WriteOut } from './inline/write-out.ts'
import type { Checkpointer } from './journal/checkpointer.ts'
import type { Directories } from './journal/directories.ts'
import type { GroupCommit } from './journal/group-commit.ts'
import type { Installing } from './journal/installing.ts'
import type { Settler } from './journal/settler.ts'
import type { LimitSettings, MountpathLimits } from './limits.ts'
import type { LastUses } from './objects/last-uses.ts'
import type { SmallObjects } from './objects/small-objects.ts'
import type { PieceBuffers } from './objects/write-behind.ts'
import type { UploadPins } from './uploads/upload-pins.ts'
import type { NextGeneration } from './versions/generations.ts'

/** What a mountpath is built from. */
export interface MountpathOptions {
  readonly files: FileSystem
  readonly sqlite: (path: string) => SqliteDatabase
  readonly sqliteCheckpoint: SqliteCheckpoint
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly createHasher: (type: Exclude<ChecksumType, 'none'>) => Hasher
  /** Departures from `defaultMountpathLimits`. */
  readonly limits?: Partial<MountpathLimits> | undefined
  readonly settings?: LimitSettings | undefined
  /** Upstream's mountpath label; empty by default. */
  readonly label?: string | undefined
  /** Told once, when a failure takes the mountpath out of service. */
  readonly onFault?: ((error: AisError) => void) | undefined
  /** Adds to one of the node's counters: `scrub.n`, `scrub.size`, `err.scrub.n`, `cleanup.store.n`. */
  readonly count?: ((counter: string, delta: number) => void) | undefined
  /** Version of the Smap in force, for the order of versions; 0 by default. */
  readonly epoch?: (() => number) | undefined
  /** Something is away that may come back with old objects: no tombstone is forgotten. By default nothing ever is. */
  readonly keepTombstones?: (() => boolean) | undefined
  /** Test seam: called between every two steps of a change, with the name of the step just done. */
  readonly crashPoint?: ((step: string) => void) | undefined
}

/** What the parts of one open mountpath share. */
export interface MountpathContext extends MountpathBasis {
  readonly writeOut: WriteOut
}

/** All of it but what writes out small bodies, which is made of the rest. */
export interface MountpathBasis
  extends Pick<MountpathOptions, 'files' | 'clock' | 'random' | 'log' | 'createHasher'> {
  readonly path: string
  readonly limits: MountpathLimits
  readonly crashPoint: (step: string) => void
  readonly count: (counter: string, delta: number) => void
  readonly catalog: Catalog
  readonly gate: FaultGate
  readonly journal: GroupCommit
  readonly checkpointer: Checkpointer
  readonly settler: Settler
  readonly directories: Directories
  readonly buckets: BucketRegistry
  readonly space: Space
  readonly pins: UploadPins
  readonly uses: LastUses
  readonly installing: Installing
  readonly small: SmallObjects
  readonly inline: InlineBodies
  readonly backlog: Backlog
  /** Files keep the times they are given, so that an object may be acknowledged before it has one. */
  readonly exactTimes: boolean
  readonly pace: WritePace
  readonly pieces: PieceBuffers
  /** Numbers of intents, ascending over restarts. */
  readonly nextIntent: () => number
  readonly nextGeneration: NextGeneration
  readonly keepTombstones: () => boolean
  /** Short text, unique among the work files of this disk. */
  readonly nextWorkId: () => string
}
