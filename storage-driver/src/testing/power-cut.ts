// Ten power cuts under load: what was acknowledged at `disk` must be there afterwards. Needs root, loop devices,
// mkfs.ext4 and python3; says so and ends well where they are missing. `npm run test:power -w storage-driver`
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openMountpath } from '../mountpath/open-mountpath.ts'
import { type Account, createAccount, strayFiles } from './account.ts'
import type { CrashTask } from './crash-child.ts'
import { createManualClock } from './manual-clock.ts'
import { bucketRef, mountpathOptions } from './mountpath-bench.ts'
import { createDice } from './workload.ts'

const cuts = 10
const imageBytes = 128 * 1024 * 1024
const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url))
const bucket = bucketRef('bench', 1n)

/** EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: what was not synced is gone. @see linux fs/ext4/ext4.h */
const shutdownScript = `
import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))
`

const top = mkdtempSync(join(tmpdir(), 'power-'))
const image = join(top, 'image')
const mount = join(top, 'mount')
const accountFile = join(top, 'account')

function canRun(): boolean {
  try {
    execFileSync('truncate', ['-s', String(imageBytes), image])
    execFileSync('mkfs.ext4', ['-q', image])
    mkdirSync(mount)
    mountImage()
    execFileSync('python3', ['-c', 'import fcntl'])
    return true
  } catch (error) {
    process.stdout.write(`power cuts: not tested, since this machine cannot: ${String(error)}\n`)
    return false
  }
}

function mountImage(): void {
  execFileSync('mount', ['-o', 'loop', image, mount], { stdio: 'pipe' })
}

/** Cuts the power of the disk under a working child, and mounts what is left. */
async function cutPower(task: CrashTask, afterMs: number): Promise<void> {
  const running = spawn(process.execPath, [child, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise((resolve) => running.on('close', resolve))
  await new Promise((resolve) => running.stdout.once('data', resolve))
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  execFileSync('python3', ['-c', shutdownScript, mount])
  running.kill('SIGKILL')
  await ended
  execFileSync('umount', [mount])
  mountImage()
}

async function findProblems(account: Account): Promise<string[]> {
  const mountpath = await openMountpath(join(mount, 'mp'), mountpathOptions(createManualClock()))
  try {
    const problems = await account.check(mountpath, bucket)
    return [...problems, ...strayFiles(mountpath, bucket).map((path) => `${path} is stray`)]
  } finally {
    await mountpath.close()
  }
}

async function run(): Promise<number> {
  const seed = Number(process.env.POWER_SEED ?? 1)
  const dice = createDice(seed)
  const account = createAccount()
  mkdirSync(join(mount, 'mp'))
  execFileSync('sync', ['-f', mount])
  let failures = 0
  for (let cut = 0; cut < cuts; cut++) {
    writeFileSync(accountFile, '')
    const task: CrashTask = {
      path: join(mount, 'mp'),
      accountFile,
      seed: seed * 100 + cut,
      durability: 'disk',
      workers: 16,
      changesPerWorker: 100_000,
      firstVersion: cut * 3_000,
      intentBatch: 256,
    }
    await cutPower(task, 50 + dice(500))
    account.read(accountFile)
    const problems = await findProblems(account)
    failures += problems.length
    for (const problem of problems) process.stdout.write(`cut ${cut + 1}: ${problem}\n`)
  }
  process.stdout.write(
    `power cuts: ${cuts}, acknowledged changes: ${account.acknowledged}, wrong: ${failures}` +
      ` (seed ${seed})\n`,
  )
  return failures === 0 && account.acknowledged > 0 ? 0 : 1
}

let status = 1
try {
  status = canRun() ? await run() : 0
} finally {
  try {
    execFileSync('umount', [mount], { stdio: 'pipe' })
  } catch {
    // It was not mounted.
  }
  rmSync(top, { recursive: true, force: true })
}
process.exit(status)
