import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from './stock/free-port.ts'

const entry = fileURLToPath(new URL('../node-daemon/src/launcher/main.ts', import.meta.url))

interface Launched {
  readonly child: ChildProcess
  readonly output: () => string
  /** Resolves when the output has `text`; rejects when the process ends first. */
  says(text: string): Promise<void>
  readonly exit: Promise<number | null>
}

function launch(...args: string[]): Launched {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      for (const look of waiting) look()
    })
  }
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  return {
    child,
    output: () => text,
    exit,
    says: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!text.includes(wanted)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
        void exit.then(() => reject(new Error(`ended before it said "${wanted}": ${text}`)))
      }),
  }
}

/** Process IDs whose command line names `dir`. */
async function processesOf(dir: string): Promise<number[]> {
  const found: number[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (line.includes(dir)) found.push(Number(pid))
  }
  return found
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
}

describe('npm start', () => {
  const dirs: string[] = []
  const makeDir = async () => {
    const dir = await mkdtemp(join(tmpdir(), 'aistore-launch-'))
    dirs.push(dir)
    return dir
  }

  afterEach(async () => {
    for (const dir of dirs.splice(0)) {
      for (const pid of await processesOf(dir)) process.kill(pid, 'SIGKILL')
      await until(async () => (await processesOf(dir)).length === 0)
      await rm(dir, { recursive: true, force: true })
    }
  })

  const shape = ['--targets', '2', '--mountpaths', '1']

  it('starts, refuses a second start on the folder, and stops with status 0', async () => {
    const dir = await makeDir()
    const port = String(await freePort([1, 2]))
    const one = launch('--data', dir, '--port', port, ...shape)
    await one.says('AIStore is ready')
    expect(one.output()).toContain(`http://127.0.0.1:${port}`)
    expect(one.output()).toContain(dir)
    expect(one.output()).toContain('process')

    const two = launch('--data', dir, '--port', String(await freePort([1, 2])), ...shape)
    expect(await two.exit).toBe(1)
    expect(two.output()).toContain('in use')

    const three = launch('--data', await makeDir(), '--port', port, ...shape)
    expect(await three.exit).toBe(1)
    expect(three.output()).toMatch(/taken.*--port/)

    one.child.kill('SIGTERM')
    expect(await one.exit).toBe(0)
    expect(await processesOf(dir)).toEqual([])

    const again = launch('--data', dir, '--port', port, '--durability', 'disk')
    await again.says('AIStore is ready')
    await again.says('Started in')
    expect(again.output()).toContain('Durability  process')
    expect(again.output()).toContain('--durability disk is for new clusters')
    again.child.kill('SIGTERM')
    expect(await again.exit).toBe(0)

    const four = launch('--data', dir, '--port', port, '--targets', '3')
    expect(await four.exit).toBe(1)
    expect(four.output()).toContain('2 targets')
  })

  it('takes its nodes along when it is killed', async () => {
    const dir = await makeDir()
    const launched = launch('--data', dir, '--port', String(await freePort([1, 2])), ...shape)
    await launched.says('AIStore is ready')
    expect((await processesOf(dir)).length).toBe(4)
    launched.child.kill('SIGKILL')
    await launched.exit
    await until(async () => (await processesOf(dir)).length === 0)
    expect(existsSync(dir)).toBe(true)
  })

  it.each([
    [['--targets', '0'], '--targets'],
    [['--data', ''], '--data'],
    [['--port', 'x'], '--port'],
    [['--runtime', 'perl'], '--runtime'],
    [['--what'], '--what'],
  ])('prints usage and ends with 2 for %o', async (args, name) => {
    const launched = launch(...args)
    expect(await launched.exit).toBe(2)
    expect(launched.output()).toContain(name)
    expect(launched.output()).toContain('npm start')
  })
})
