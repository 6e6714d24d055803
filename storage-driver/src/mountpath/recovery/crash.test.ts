import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Durability } from '@aistore-ts/core/ports/mountpath.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Account, createAccount, openBodies, strayFiles } from '../../testing/account.ts'
import type { CrashTask } from '../../testing/crash-child.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { bucketRef, mountpathOptions } from '../../testing/mountpath-bench.ts'
import { createDice } from '../../testing/workload.ts'
import { openMountpath } from '../open-mountpath.ts'

const child = fileURLToPath(new URL('../../testing/crash-child.ts', import.meta.url))
const bucket = bucketRef('bench', 1n)

/** More seeds for a long run: `CRASH_SEEDS=50`. */
const seeds = Array.from({ length: Number(process.env.CRASH_SEEDS ?? 1) }, (_, i) => i + 1)

let top: string
let account: Account

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'crash-'))
  mkdirSync(join(top, 'mp'))
  account = createAccount()
})

afterEach(() => rmSync(top, { recursive: true, force: true }))

type Order = Pick<CrashTask, 'seed' | 'durability' | 'die' | 'firstVersion' | 'workload'> & {
  /** The parent kills so long after the child has opened the disk. */
  readonly killAfterMs?: number | undefined
}

/** Runs a child to its end; resolves with the signal that ended it. */
async function runChild(order: Order): Promise<NodeJS.Signals | null> {
  const accountFile = join(top, 'account')
  writeFileSync(accountFile, '')
  const task = {
    ...order,
    path: join(top, 'mp'),
    accountFile,
    workers: 6,
    changesPerWorker: 40,
    intentBatch: 8,
  }
  const running = spawn(process.execPath, [child, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaint = ''
  running.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  running.stdout.once('data', () => {
    if (order.killAfterMs !== undefined)
      setTimeout(() => running.kill('SIGKILL'), order.killAfterMs)
  })
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    running.on('error', reject)
    running.on('close', (code, ended) => {
      if (code !== null && code !== 0) reject(new Error(complaint))
      else resolve(ended)
    })
  })
  account.read(accountFile)
  return signal
}

/** Opens what is left, and compares it with the account: bodies first from the catalog, then, closed orderly, from files. */
async function expectSound(): Promise<void> {
  for (const _ of ['as it was left', 'written out']) {
    const mountpath = await openMountpath(join(top, 'mp'), mountpathOptions(createManualClock()))
    try {
      if (mountpath.buckets().length === 0) await mountpath.createBucket(bucket)
      expect(await account.check(mountpath, bucket)).toEqual([])
      expect(strayFiles(mountpath, bucket)).toEqual([])
    } finally {
      await mountpath.close()
    }
  }
  expect(openBodies(join(top, 'mp'))).toBe(0)
}

const steps = [
  'work-written',
  'work-synced',
  'committed',
  'log-synced',
  'renamed',
  'retargeted',
  'unlinked',
  'append-written',
  'part-renamed',
  'manifest-written',
  'directories-synced',
  'intents-dropped',
] as const

/** Those of a small body. */
const bodySteps = [
  'body-written',
  'body-placed',
  'body-escaped',
  'bodies-synced',
  'bodies-settled',
] as const

type Step = (typeof steps | typeof bodySteps)[number]

/** `process` has all steps but the syncs; a short run leaves out at `disk` what the log sync does not touch. */
function stepsAt(durability: Durability): readonly Step[] {
  if (durability === 'process')
    return steps.filter((step) => !step.endsWith('-synced') || step.startsWith('dir'))
  const atDisk = ['work-synced', 'committed', 'log-synced', 'retargeted'] as const
  return [...(seeds.length > 1 ? steps : atDisk), ...bodySteps]
}

/** Steps that come about ten times in a workload; the others come many times. */
const rareSteps: readonly Step[] = ['retargeted', 'body-escaped']

describe.each(['process', 'disk'] as const)('kill -9 at %s', (durability) => {
  describe.each(seeds)('seed %i', (seed) => {
    it.each(stepsAt(durability))('after %s leaves the old version or the new one', async (step) => {
      const dice = createDice(seed * 100 + [...steps, ...bodySteps].indexOf(step))
      const count = 1 + dice(rareSteps.includes(step) ? 3 : 12)
      const die = { step, count }
      expect(await runChild({ seed, durability, die, firstVersion: 0 })).toBe('SIGKILL')
      await expectSound()
    })

    it('also while it recovers from the one before', async () => {
      const dice = createDice(seed)
      const order = { seed, durability, firstVersion: 0 } as const
      await runChild({ ...order, die: { step: 'committed', count: 5 + dice(20) } })
      for (const step of ['name-recovered', 'recovery-synced']) {
        await runChild({ ...order, firstVersion: 50_000, die: { step, count: 1 } })
      }
      await expectSound()
    })

    it('small bodies at any moment, again and again', async () => {
      const dice = createDice(seed + 7)
      for (let round = 0; round < 3; round++) {
        const order = { seed: seed + round, durability, firstVersion: round * 1_000 } as const
        await runChild({ ...order, workload: 'small', killAfterMs: dice(120) })
        await expectSound()
      }
    })

    it('at any moment, again and again', async () => {
      const dice = createDice(seed)
      for (let round = 0; round < 3; round++) {
        const firstVersion = round * 1_000
        await runChild({ seed: seed + round, durability, firstVersion, killAfterMs: dice(60) })
        await expectSound()
      }
    })
  })
})
