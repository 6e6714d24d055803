// Power cuts under load: what was acknowledged at `disk` must be there afterwards. Needs root, loop devices, mkfs.ext4
// and python3; says what it cannot do, and ends well where they are missing. `npm run test:power -w storage-driver`
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openMountpath } from '../mountpath/open-mountpath.ts'
import { type Account, createAccount, openBodies, strayFiles } from './account.ts'
import type { CrashTask } from './crash-child.ts'
import { createLoopDisk, type FileSystemType, type LoopDisk } from './loop-disk.ts'
import { createManualClock } from './manual-clock.ts'
import { bucketRef, mountpathOptions } from './mountpath-bench.ts'
import { createDice } from './workload.ts'

const cuts = Number(process.env.POWER_CUTS ?? 10)
const seed = Number(process.env.POWER_SEED ?? 1)
/** Of each cut. */
const problemsShown = 5
const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url))
const bucket = bucketRef('bench', 1n)

/** The least that the makers of both file systems accept gladly. */
const imageBytes: Readonly<Record<FileSystemType, number>> = {
  ext4: 128 * 1024 * 1024,
  xfs: 320 * 1024 * 1024,
}

/**
 * `apart`: the catalog has a file system of its own. On a shared one every sync of the log takes all renames before it
 * to the disk as well, so that a missing sync of a directory would never be seen.
 */
interface Scenario {
  readonly type: FileSystemType
  readonly apart: boolean
  readonly workload: 'mixed' | 'small' | 'moves' | 'removals'
}

const scenarios: readonly Scenario[] = [
  { type: 'ext4', apart: false, workload: 'mixed' },
  { type: 'ext4', apart: false, workload: 'small' },
  { type: 'ext4', apart: true, workload: 'small' },
  { type: 'ext4', apart: true, workload: 'removals' },
  { type: 'xfs', apart: false, workload: 'mixed' },
  { type: 'xfs', apart: true, workload: 'small' },
  { type: 'xfs', apart: true, workload: 'removals' },
  { type: 'xfs', apart: true, workload: 'moves' },
]

/** Cuts the power of all disks under a working child, and mounts what is left. */
async function cutPower(
  disks: readonly LoopDisk[],
  task: CrashTask,
  afterMs: number,
): Promise<void> {
  const running = spawn(process.execPath, [child, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise((resolve) => running.on('close', resolve))
  await new Promise((resolve) => {
    running.stdout.once('data', resolve)
    running.once('close', resolve)
  })
  // What the preparation wrote is not what is being tested.
  for (const disk of disks) disk.sync()
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  for (const disk of disks) disk.cut()
  running.kill('SIGKILL')
  await ended
  for (const disk of [...disks].reverse()) disk.unmount()
  for (const disk of disks) disk.mount()
}

async function findProblems(path: string, account: Account): Promise<string[]> {
  const problems: string[] = []
  // Small bodies come from the catalog first; an orderly close gives them their files.
  for (const when of ['as it was left', 'written out']) {
    const mountpath = await openMountpath(path, mountpathOptions(createManualClock()))
    try {
      problems.push(...(await account.check(mountpath, bucket)).map((one) => `${when}: ${one}`))
      problems.push(...strayFiles(mountpath, bucket).map((file) => `${when}: ${file} is stray`))
    } finally {
      await mountpath.close()
    }
  }
  if (openBodies(path) > 0) problems.push(`${openBodies(path)} small bodies have no file`)
  return problems
}

/** The number of things that were wrong; none when the machine cannot do it. */
async function run(scenario: Scenario, top: string): Promise<number> {
  const { type, apart, workload } = scenario
  const title = `${type}, ${workload} workload, catalog ${apart ? 'on a disk of its own' : 'beside the objects'}`
  const folder = join(top, 'mount')
  const path = join(folder, 'mp')
  const disks: LoopDisk[] = []
  const attach = (image: string, at: string): void => {
    const disk = createLoopDisk(type, join(top, image), imageBytes[type], at)
    disk.mount()
    disks.push(disk)
  }
  try {
    try {
      attach('objects', folder)
      mkdirSync(path)
      if (apart) attach('catalog', join(path, '.ais'))
      execFileSync('python3', ['-c', 'import fcntl'])
      for (const disk of disks) disk.sync()
    } catch (error) {
      process.stdout.write(`${title}: not tested, since this machine cannot: ${String(error)}\n`)
      return 0
    }
    return await cutAgainAndAgain(scenario, title, disks, path, join(top, 'account'))
  } finally {
    for (const disk of [...disks].reverse()) disk.unmount()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function cutAgainAndAgain(
  { workload }: Scenario,
  title: string,
  disks: readonly LoopDisk[],
  path: string,
  accountFile: string,
): Promise<number> {
  const dice = createDice(seed)
  const account = createAccount()
  let failures = 0
  for (let cut = 0; cut < cuts; cut++) {
    writeFileSync(accountFile, '')
    const task: CrashTask = {
      path,
      accountFile,
      seed: seed * 100 + cut,
      durability: 'disk',
      workload,
      workers: 16,
      changesPerWorker: 100_000,
      firstVersion: cut * 3_000,
      intentBatch: 256,
    }
    await cutPower(disks, task, 50 + dice(500))
    account.read(accountFile)
    const problems = await findProblems(path, account)
    failures += problems.length
    for (const problem of problems.slice(0, problemsShown))
      process.stdout.write(`cut ${cut + 1}: ${problem}\n`)
  }
  if (account.acknowledged === 0) failures++
  process.stdout.write(
    `${title}: ${cuts} cuts, ${account.acknowledged} acknowledged changes, ${failures} wrong (seed ${seed})\n`,
  )
  return failures
}

async function runAll(): Promise<number> {
  const top = mkdtempSync(join(tmpdir(), 'power-'))
  let failures = 0
  try {
    for (const scenario of scenarios) failures += await run(scenario, top)
  } finally {
    rmSync(top, { recursive: true, force: true })
  }
  return failures === 0 ? 0 : 1
}

/** Whoever copies the mounts of this machine meanwhile would keep a cut disk alive: ours are not there to be seen. */
function runApart(): number {
  const env = { ...process.env, POWER_APART: 'yes' }
  const self = fileURLToPath(import.meta.url)
  const { status } = spawnSync('unshare', ['--mount', process.execPath, self], {
    stdio: 'inherit',
    env,
  })
  return status ?? 1
}

const isRoot = process.getuid?.() === 0
process.exitCode = isRoot && process.env.POWER_APART === undefined ? runApart() : await runAll()
