import type { BucketRef, Durability, Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { bytesOf, newObject } from './mountpath-bench.ts'

/** What the workload expects of one name: a version's number, or 0 for "no object". */
export interface Expectation {
  readonly name: string
  readonly version: number
}

/** One line of the workload's account: written before a change, and again once it was acknowledged. */
export interface AccountLine {
  readonly kind: 'begin' | 'done'
  readonly changes: readonly Expectation[]
}

/** A small deterministic generator: the same seed, the same numbers below `bound`. */
export function createDice(seed: number): (bound: number) => number {
  let state = (seed ^ 0x9e3779b9) >>> 0
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}

/** Versions of which one is long enough to have block checksums. */
const longEvery = 40
const longBytes = 1_300_000

/** Content that tells its name and version, and shows every cut. */
export function contentOf(name: string, version: number): Uint8Array {
  const line = `${name}#${version}\n`
  const isLong = version % longEvery === 0
  const copies = isLong ? Math.ceil(longBytes / line.length) : 1 + ((version * 7_919) % 400)
  return bytesOf(`${line.repeat(copies)}end`)
}

/** Names of one worker: plain, in each other's way, and such that cannot be paths. */
function namesOf(worker: number): readonly string[] {
  const top = `w${worker}`
  return [`${top}/a`, `${top}/a/b`, `${top}/a/b/c`, `${top}//x`, `${top}/x/`, `${top}/y`]
}

interface WorkloadOptions {
  readonly mountpath: Mountpath
  readonly bucket: BucketRef
  readonly seed: number
  readonly durability: Durability
  readonly workers: number
  readonly changesPerWorker: number
  /** Versions go on from here. */
  readonly firstVersion: number
  readonly account: (line: AccountLine) => void
}

/** Overwrites, removals, renames, appends and multipart uploads, several names at a time. */
export async function runWorkload(options: WorkloadOptions): Promise<void> {
  const workers = Array.from({ length: options.workers }, (_, worker) => runWorker(options, worker))
  await Promise.all(workers)
}

/** Objects that each worker of `runMoves` begins with. */
const objectsPerWorker = 100

/**
 * Renames into folders that come and go, and removals, of objects that are written first (and only as safe as
 * `process`). A removal syncs no file at all, so that nothing but the sync of its directory takes it to the disk.
 * @param renamesPercent how many of the changes are renames
 * @param started called when the objects are there
 */
export async function runMoves(
  options: WorkloadOptions,
  renamesPercent: number,
  started: () => void,
): Promise<void> {
  const workers = Array.from({ length: options.workers }, (_, worker) => {
    const dice = createDice(options.seed * 1_000 + worker)
    return { worker, dice, at: new Map<number, string>() }
  })
  const { mountpath, bucket, durability } = options
  const run = accounted(options)
  const write = workers.flatMap(({ worker, dice, at }) =>
    Array.from({ length: objectsPerWorker }, async (_, index) => {
      const name = folderName(worker, index, dice)
      const version = options.firstVersion + worker * objectsPerWorker + index + 1
      const content = contentOf(name, version)
      at.set(index, name)
      await run([{ name, version }], async () => {
        const draft = await mountpath.draft(bucket, name)
        await draft.write(content)
        const object = newObject(content, String(version))
        await mountpath.commit(bucket, name, draft, object, 'process')
      })
    }),
  )
  await Promise.all(write)
  started()
  const moving = workers.map(async ({ worker, dice, at }) => {
    for (let i = 0; i < options.changesPerWorker && at.size > 0; i++) {
      const objects = [...at]
      const [index = 0, name = ''] = objects[dice(objects.length)] ?? []
      const version = Number(mountpath.load(bucket, name)?.version)
      if (dice(100) >= renamesPercent) {
        at.delete(index)
        await run([{ name, version: 0 }], () => mountpath.remove(bucket, name, durability))
        continue
      }
      const to = folderName(worker, index, dice)
      if (to === name) continue
      at.set(index, to)
      const changes = [
        { name, version: 0 },
        { name: to, version },
      ]
      await run(changes, () => mountpath.rename(bucket, name, to, durability))
    }
  })
  await Promise.all(moving)
}

function folderName(worker: number, index: number, dice: (bound: number) => number): string {
  return `m${worker}/${dice(40)}/${dice(40)}/o${index}`
}

/** Names of each worker of `runSmall`. */
const smallNames = 60

/** Small bodies, written, overwritten, removed and now and then renamed. */
export async function runSmall(options: WorkloadOptions): Promise<void> {
  const { mountpath, bucket, durability } = options
  const run = accounted(options)
  const work = async (worker: number): Promise<void> => {
    const dice = createDice(options.seed * 1_000 + worker)
    const anyName = () => `s${worker}/${dice(4)}/${dice(smallNames / 4)}`
    let version = options.firstVersion + worker * 100_000
    for (let i = 0; i < options.changesPerWorker; i++) {
      const name = anyName()
      const kind = dice(100)
      if (kind < 10) {
        await run([{ name, version: 0 }], () => mountpath.remove(bucket, name, durability))
        continue
      }
      const to = anyName()
      const moved = Number(mountpath.load(bucket, name)?.version ?? '0')
      if (kind < 12 && moved > 0 && to !== name) {
        const changes = [
          { name, version: 0 },
          { name: to, version: moved },
        ]
        await run(changes, () => mountpath.rename(bucket, name, to, durability))
        continue
      }
      version += (version + 1) % longEvery === 0 ? 2 : 1
      const content = contentOf(name, version)
      const object = newObject(content, String(version))
      await run([{ name, version }], async () => {
        const draft = await mountpath.draft(bucket, name, { durability })
        await draft.write(content)
        await mountpath.commit(bucket, name, draft, object, durability)
      })
    }
  }
  await Promise.all(Array.from({ length: options.workers }, (_, worker) => work(worker)))
}

/** Writes the account around each change. */
function accounted({ account }: WorkloadOptions) {
  return async (changes: readonly Expectation[], change: () => Promise<unknown>) => {
    account({ kind: 'begin', changes })
    await change()
    account({ kind: 'done', changes })
  }
}

async function runWorker(options: WorkloadOptions, worker: number): Promise<void> {
  const { mountpath, bucket, durability } = options
  const dice = createDice(options.seed * 1_000 + worker)
  const names = namesOf(worker)
  let next = options.firstVersion + worker * 100_000

  const versionOf = (name: string): number => Number(mountpath.load(bucket, name)?.version ?? '0')
  const run = accounted(options)

  for (let i = 0; i < options.changesPerWorker; i++) {
    const name = names[dice(names.length)] ?? ''
    const version = ++next
    const content = contentOf(name, version)
    const object = newObject(content, String(version))
    switch (dice(8)) {
      case 0:
        await run([{ name, version: 0 }], () => mountpath.remove(bucket, name, durability))
        break
      case 1: {
        const to = names[dice(names.length)] ?? ''
        const moved = versionOf(name)
        if (moved === 0 || to === name) break
        const changes = [
          { name, version: 0 },
          { name: to, version: moved },
        ]
        await run(changes, () => mountpath.rename(bucket, name, to, durability))
        break
      }
      case 2:
        await run([{ name, version }], async () => {
          const begun = await mountpath.appendBegin(bucket, name)
          const half = content.length >> 1
          for (const piece of [content.subarray(0, half), content.subarray(half)]) {
            await mountpath.appendWrite(bucket, name, begun.id, once(piece))
          }
          const draft = await mountpath.appendDraft(bucket, name, begun.id)
          await mountpath.commit(bucket, name, draft, object, durability)
        })
        break
      case 3:
        await run([{ name, version }], async () => {
          const id = `up-${version}`
          const upload = { id, name, createdNs: 1n, custom: [] }
          await mountpath.uploadBegin(bucket, upload, durability)
          const half = content.length >> 1
          for (const [index, bytes] of [
            content.subarray(0, half),
            content.subarray(half),
          ].entries()) {
            const draft = await mountpath.draft(bucket, name)
            await draft.write(bytes)
            const chunk = {
              partNumber: index + 1,
              sizeBytes: bytes.length,
              checksum: newObject(bytes).checksum,
              md5: '',
            }
            await mountpath.uploadPart(bucket, id, draft, chunk, durability)
          }
          await mountpath.uploadComplete(bucket, id, [1, 2], object, durability)
        })
        break
      default:
        await run([{ name, version }], async () => {
          const draft = await mountpath.draft(bucket, name, { durability })
          await draft.write(content)
          await mountpath.commit(bucket, name, draft, object, durability)
        })
    }
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
