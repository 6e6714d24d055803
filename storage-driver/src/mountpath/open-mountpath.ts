import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { BucketRef, Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { encodeHex } from '../catalog/encoding.ts'
import type { Catalog } from '../catalog/open-catalog.ts'
import { acquireCatalog } from './acquire-catalog.ts'
import { bucketFolder, systemFolder } from './buckets/bucket-folder.ts'
import { createBucketRegistry } from './buckets/bucket-registry.ts'
import { moveToTrash } from './buckets/buckets.ts'
import { finishBucketRenames } from './buckets/rename-bucket.ts'
import { createTrashCollector } from './buckets/trash-collector.ts'
import type { MountpathContext, MountpathOptions } from './context.ts'
import { createFaultGate } from './disk/fault-gate.ts'
import { ensureMountpathId } from './disk/identity.ts'
import { lockMountpath } from './disk/lock.ts'
import { createReserve, type Reserve } from './disk/reserve.ts'
import { createSpace } from './disk/space.ts'
import { createWritePace } from './disk/write-pace.ts'
import { createBacklog } from './inline/backlog.ts'
import { keepsExactTimes } from './inline/exact-time.ts'
import { createInlineBodies, loadBodies } from './inline/inline-bodies.ts'
import { createWriteOut } from './inline/write-out.ts'
import { createCheckpointer } from './journal/checkpointer.ts'
import { createDirectories } from './journal/directories.ts'
import { createGroupCommit } from './journal/group-commit.ts'
import { createInstalling } from './journal/installing.ts'
import { createSettler } from './journal/settler.ts'
import { syncDirectories } from './journal/sync-directories.ts'
import { type MountpathLimits, resolveLimits } from './limits.ts'
import { composeMountpath } from './mountpath.ts'
import { createLastUses } from './objects/last-uses.ts'
import { createSmallObjects } from './objects/small-objects.ts'
import { createPieceBuffers } from './objects/write-behind.ts'
import { clearLeftovers } from './recovery/clear-leftovers.ts'
import { recover } from './recovery/recover.ts'
import { createRescanner } from './recovery/rescanner.ts'
import { startScrubber } from './scrub/scrubber.ts'
import { startExpirer } from './uploads/expirer.ts'
import { createUploadPins } from './uploads/upload-pins.ts'
import { createGenerations } from './versions/generations.ts'
import { startTombstoneKeeper } from './versions/retire-tombstones.ts'

/** Longest path of a mountpath, bytes: the rest of 4,096 is for the names below it. */
export const mountpathBytesMax = 255

/**
 * Takes the disk at `path` into service: locks it, opens or rebuilds its catalog, finishes or takes back what a
 * crash left open, and removes leftovers. With a new or lost catalog it resolves when every file was looked at.
 * @throws AisError `ErrMpathNotFound` no such directory; `ErrBusy` someone else has it; `ErrUnsupp` its catalog is
 * newer than this program; `ErrBadRequest` the path is not absolute or too long
 */
export async function openMountpath(path: string, options: MountpathOptions): Promise<Mountpath> {
  const { files, sqlite } = options
  if (!path.startsWith('/') || path.endsWith('/') || path.length > mountpathBytesMax) {
    throw new AisError('ErrBadRequest', `mountpath ${path} must be absolute, without a closing "/"`)
  }
  const kind = files.lstatSync(path)?.kind
  if (kind !== 'directory') {
    const why = kind === undefined ? 'does not exist' : 'is not a directory'
    throw new AisError('ErrMpathNotFound', `mountpath ${path} ${why}`)
  }
  const system = `${path}/${systemFolder}`
  if (files.mkdirSync(system)) await syncDirectories(files, [path])
  const unlock = lockMountpath(path, `${system}/lock.db`, sqlite)
  try {
    return await openLocked(path, system, options, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function openLocked(
  path: string,
  system: string,
  options: MountpathOptions,
  unlock: () => void,
): Promise<Mountpath> {
  const { files, random, log } = options
  const stamp = encodeHex(random.bytes(6))
  const limits = resolveLimits(options.limits, options.settings)
  const catalogFile = `${system}/catalog.db`
  const catalog = await acquireCatalog(catalogFile, {
    files,
    sqlite: options.sqlite,
    log,
    limits,
    stamp,
  })
  try {
    const { settings } = catalog
    const id = await ensureMountpathId(files, random, path, settings.load('mountpath'))
    settings.store('mountpath', id)
    const reserve = createReserve(files, log, `${system}/reserve`, limits.reserveBytes)
    const context = await createContext(path, options, limits, {
      catalog,
      catalogFile,
      reserve,
      stamp,
    })
    const rescanner = createRescanner(context)
    const trash = createTrashCollector(context)

    for (const bucket of catalog.buckets.all()) context.buckets.add(bucket)
    await finishBucketRenames(context)
    await placeUnknownBuckets(context, await rescanner.findUnknownBuckets())
    const bodies = await loadBodies(context)
    const report = await recover(context)
    if (report.intents + bodies > 0) {
      log.info('unfinished changes were settled', { path, ...report, bodies })
    }
    await clearLeftovers(context)
    reserve.restore()
    if (settings.load('rebuild') !== undefined) await rescanner.scan()
    await context.checkpointer.run()
    trash.wake()
    context.writeOut.wake()

    const scrubber = startScrubber(context)
    const expirer = startExpirer(context)
    const tombstones = startTombstoneKeeper(context)

    const close = async (): Promise<void> => {
      context.gate.shut()
      await scrubber.close()
      await expirer.close()
      await tombstones.close()
      await rescanner.close()
      await trash.close()
      await context.journal.drain()
      await context.writeOut.close()
      await context.settler.close()
      await context.journal.drain()
      if (!context.gate.faulted) {
        settings.store('state', 'closed')
        await context.checkpointer.run()
      }
      await catalog.close()
      unlock()
    }
    const parts = { context, id, label: options.label ?? '', rescanner, trash, expirer, close }
    return composeMountpath(parts)
  } catch (error) {
    await catalog.close()
    throw error
  }
}

async function createContext(
  path: string,
  options: MountpathOptions,
  limits: MountpathLimits,
  own: {
    readonly catalog: Catalog
    readonly catalogFile: string
    readonly reserve: Reserve
    readonly stamp: string
  },
): Promise<MountpathContext> {
  const { files, clock, random, log, createHasher, sqliteCheckpoint } = options
  const { catalog, catalogFile, reserve, stamp } = own
  const gate = createFaultGate(path, log, options.onFault ?? (() => {}))
  const directories = createDirectories(files, limits.knownDirectoriesMax)
  const crashPoint = options.crashPoint ?? (() => {})
  const shared = { path, files, clock, catalog, gate, crashPoint, directories, limits }
  const journal = createGroupCommit({ ...shared, releaseReserve: reserve.release })
  const checkpointer = createCheckpointer({
    ...shared,
    catalogFile,
    sqliteCheckpoint,
    log,
    journal,
  })
  const backlog = createBacklog(limits.inlineBacklogBytesMax)
  let intent = Math.max(catalog.intents.last(), catalog.bodies.last())
  let work = 0
  const basis = {
    ...shared,
    random,
    log,
    createHasher,
    count: options.count ?? (() => {}),
    journal,
    checkpointer,
    settler: createSettler({ ...shared, journal, checkpointer }),
    buckets: createBucketRegistry(path),
    space: await createSpace(path, files, clock, limits),
    pins: createUploadPins(),
    uses: createLastUses(clock),
    installing: createInstalling(),
    small: createSmallObjects(),
    inline: createInlineBodies(backlog),
    exactTimes: keepsExactTimes(files, `${path}/${systemFolder}`),
    backlog,
    pace: createWritePace(clock, limits),
    pieces: createPieceBuffers(),
    nextIntent: () => ++intent,
    nextGeneration: createGenerations(random, clock, options.epoch ?? (() => 0)),
    keepTombstones: options.keepTombstones ?? (() => false),
    nextWorkId: () => `${stamp}${(++work).toString(36)}`,
  }
  return { ...basis, writeOut: createWriteOut(basis) }
}

/** Buckets that a lost catalog forgot come back; the folder of a destroyed one goes where it was on its way to. */
async function placeUnknownBuckets(
  context: MountpathContext,
  unknown: readonly BucketRef[],
): Promise<void> {
  const { catalog, directories, files, path } = context
  const destroyed = new Set(catalog.buckets.purges())
  for (const bucket of unknown) {
    if (destroyed.has(bucket.bid)) {
      moveToTrash(context, `${path}/${bucketFolder(bucket.bck)}`)
    } else {
      catalog.buckets.store(bucket)
      context.buckets.add(bucket)
    }
  }
  await syncDirectories(files, directories.takeTouched())
}
