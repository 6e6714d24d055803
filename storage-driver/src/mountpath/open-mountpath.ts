import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { BucketRef, Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { encodeHex } from '../catalog/encoding.ts'
import type { Catalog } from '../catalog/open-catalog.ts'
import { acquireCatalog } from './acquire-catalog.ts'
import { createBacklog } from './backlog.ts'
import { bucketFolder, systemFolder } from './bucket-folder.ts'
import { createBucketRegistry } from './bucket-registry.ts'
import { moveToTrash } from './buckets.ts'
import { createCheckpointer } from './checkpointer.ts'
import { clearLeftovers } from './clear-leftovers.ts'
import type { MountpathContext, MountpathOptions } from './context.ts'
import { createDirectories } from './directories.ts'
import { keepsExactTimes } from './exact-time.ts'
import { startExpirer } from './expirer.ts'
import { createFaultGate } from './fault-gate.ts'
import { createGenerations } from './generations.ts'
import { createGroupCommit } from './group-commit.ts'
import { ensureMountpathId } from './identity.ts'
import { createInlineBodies, loadBodies } from './inline-bodies.ts'
import { createInstalling } from './installing.ts'
import { createLastUses } from './last-uses.ts'
import { type MountpathLimits, resolveLimits } from './limits.ts'
import { lockMountpath } from './lock.ts'
import { composeMountpath } from './mountpath.ts'
import { recover } from './recover.ts'
import { finishBucketRenames } from './rename-bucket.ts'
import { createRescanner } from './rescanner.ts'
import { createReserve, type Reserve } from './reserve.ts'
import { startTombstoneKeeper } from './retire-tombstones.ts'
import { startScrubber } from './scrubber.ts'
import { createSettler } from './settler.ts'
import { createSmallObjects } from './small-objects.ts'
import { createSpace } from './space.ts'
import { syncDirectories } from './sync-directories.ts'
import { createTrashCollector } from './trash-collector.ts'
import { createUploadPins } from './upload-pins.ts'
import { createPieceBuffers } from './write-behind.ts'
import { createWriteOut } from './write-out.ts'

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
  if (files.lstatSync(path)?.kind !== 'directory') {
    throw new AisError('ErrMpathNotFound', `mountpath ${path} does not exist`)
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
    return composeMountpath({ context, id, label: options.label ?? '', rescanner, trash, close })
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
