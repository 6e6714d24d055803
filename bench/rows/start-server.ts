import { cp, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runtimeCommand } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { buildPackage } from '../../scripts/build-package.ts'
import { run } from '../harness/command.ts'
import type { Lab } from '../harness/lab.ts'
import type { Row, Subject } from '../harness/row.ts'

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Installs the packed package in a folder of its own. @returns the program that starts a server there */
async function install(lab: Lab): Promise<string> {
  const folder = await mkdtemp(join(lab.dir, 'package-'))
  await run(process.execPath, [
    fileOf('../../node_modules/typescript/bin/tsc'),
    '-b',
    fileOf('../..'),
  ])
  const packed = await run('npm', [
    ...['pack', await buildPackage(), '--silent', '--pack-destination', folder],
  ])
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  const tarball = join(folder, packed.trim().split('\n').at(-1) ?? '')
  await run('npm', [
    ...['install', '--prefix', folder, '--ignore-scripts', '--omit=optional', '--no-audit'],
    ...['--silent', tarball],
  ])
  const program = join(folder, 'start-program.mjs')
  await cp(fileOf('../harness/start-program.mjs'), program)
  return program
}

/** The median of as many processes as come one after the other in that time. */
function subject(program: string, runtime: 'bun' | 'node'): Subject {
  const { command, args } = runtimeCommand(runtime, program)
  return {
    name: runtime,
    async measure(seconds) {
      const times: number[] = []
      const endsAt = performance.now() + seconds * 1_000
      do {
        // The whole machine, not the harness's core: users test on all they have.
        times.push(Number(await run('taskset', ['-c', '0,1', command, ...args])))
      } while (performance.now() < endsAt)
      times.sort((a, b) => a - b)
      return { value: times[Math.floor(times.length / 2)] ?? Number.NaN }
    },
  }
}

/** Loading the package is not in it. */
export const startServer: Row = {
  name: 'start-server',
  question: "How long does a process's first startServer() take, from the packed package?",
  unit: 'ms',
  reference: 'node',
  limits: { bun: 100, node: 100 },
  subjects: async (lab) => {
    const program = await install(lab)
    return [subject(program, 'bun'), subject(program, 'node')]
  },
}
