// Packs the package, installs its tarball in an empty folder, and uses it there: on Node, on Bun, by its types and by npx.
import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRuntime } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { buildPackage } from '../../scripts/build-package.ts'
import { freePort } from '../stock/free-port.ts'
import { run } from '../stock/run-program.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))
const compiler = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url))

/** Most time of one command, ms. */
const commandMs = 300_000

async function must(folder: string, program: string, ...args: readonly string[]): Promise<string> {
  const { code, out, err } = await run(program, args, { folder, timeoutMs: commandMs })
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${out}${err}`)
  return out.trim()
}

/** Says what was checked, when it held. */
async function check(what: string, how: () => Promise<string>): Promise<void> {
  process.stdout.write(`${what.padEnd(20)} ${await how()}\n`)
}

async function onRuntime(folder: string, name: 'bun' | 'node'): Promise<string> {
  const runtime = findRuntime(name)
  if (!runtime.found) return `not to be had: ${runtime.reason}`
  return must(folder, runtime.path, 'uses-package.mjs')
}

/** The fixture, by the repository's vitest: the package brings none. */
async function onVitest(folder: string): Promise<string> {
  await symlink(join(modules, 'vitest'), join(folder, 'node_modules/vitest'))
  await cp(join(here, 'uses-fixture.test.mjs'), join(folder, 'uses-fixture.test.mjs'))
  const vitest = join(modules, 'vitest/vitest.mjs')
  const args = ['run', '--root', folder, '--pool', 'threads', '--no-color']
  const said = await must(folder, process.execPath, vitest, ...args, 'uses-fixture.test.mjs')
  return (
    said
      .split('\n')
      .find((line) => line.includes('passed'))
      ?.trim() ?? 'passed'
  )
}

function saysReady(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('Ctrl-C stops everything')) resolve(said)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(`npx aistore-ts --memory ended: ${said}`)))
  })
}

/** `npx aistore-ts --memory`, an object by `npx ais`, Ctrl-C, and nothing is left. */
async function byNpx(folder: string): Promise<string> {
  const port = await freePort([1, 2, 3, 4, 5, 6])
  const ports = ['--port', String(port), '--s3-port', String(port + 5)]
  const child = spawn('npx', ['--no-install', 'aistore-ts', '--memory', ...ports], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  try {
    const said = await saysReady(child)
    const data = /Data +(\S+)/.exec(said)?.[1] ?? ''
    if (!/Secret key +\S{40}/.test(said)) throw new Error(`no key pair was printed: ${said}`)
    const environment = {
      AIS_ENDPOINT: `http://127.0.0.1:${port}`,
      AIS_CLI_CONFIG_DIR: join(folder, 'cli'),
    }
    const ais = async (...args: readonly string[]) => {
      const { code, out, err } = await run('npx', ['--no-install', 'ais', ...args], {
        folder,
        environment,
        timeoutMs: commandMs,
      })
      if (code !== 0) throw new Error(`npx ais ${args.join(' ')}: ${err}`)
      return out
    }
    await ais('create', 'demo')
    await ais('put', 'package.json', 'ais://demo/object')
    if (!(await ais('ls', 'ais://demo')).includes('object')) throw new Error('it is not listed')
    // npx goes at once; its output is at an end when the launcher is gone, too.
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
    await gone
    const left = await readdir(data).catch(() => undefined)
    if (left !== undefined) throw new Error(`${data} is left`)
    return 'npx aistore-ts --memory: key pair printed, ais put and ls, Ctrl-C, nothing is left'
  } finally {
    const runs = child.exitCode === null && child.signalCode === null
    if (runs && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
}

const folder = await mkdtemp(join(tmpdir(), 'aistore-package-'))
try {
  const built = await buildPackage()
  const packed = await must(built, 'npm', 'pack', '--silent', '--pack-destination', folder)
  const tarball = join(folder, packed.split('\n').at(-1) ?? '')
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  await check('npm install', async () => {
    await must(folder, 'npm', 'install', '--ignore-scripts', '--no-audit', '--silent', tarball)
    return packed
  })
  for (const file of ['uses-package.mjs', 'uses-types.ts'])
    await cp(join(here, file), join(folder, file))
  await check('on Node', () => onRuntime(folder, 'node'))
  await check('on Bun', () => onRuntime(folder, 'bun'))
  await check('by vitest', () => onVitest(folder))
  await check('by its types', async () => {
    const lib = 'ES2023,ESNext.Disposable,DOM'
    const args = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022']
    await must(folder, compiler, ...args, '--types', '', '--lib', lib, 'uses-types.ts')
    return 'compiled'
  })
  await check('by npx', () => byNpx(folder))
} finally {
  await rm(folder, { recursive: true, force: true })
}
