import { cp, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LabNode } from '../lab-node.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { createBucket } from './buckets.ts'
import { ask, sameInForce } from './control.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
/** What a node is made of. */
const parts = ['core', 'storage-driver', 'runtime-adapters', 'node-daemon']

/** A line of the program as a later version has it. */
interface Patch {
  readonly file: string
  readonly from: string
  readonly to: string
}

/** A copy of this program with some lines changed. Resolves with its entry. */
async function buildOf(folder: string, patches: readonly Patch[]): Promise<string> {
  for (const part of parts) {
    const source = join(root, part)
    const filter = (path: string) => !/\/(dist|node_modules)$|\.test\.ts$/.test(path)
    await cp(source, join(folder, part), { recursive: true, filter })
  }
  for (const { file, from, to } of patches) {
    const path = join(folder, file)
    const text = await readFile(path, 'utf8')
    if (!text.includes(from)) throw new Error(`${file} has no "${from}"`)
    await writeFile(path, text.replace(from, to))
  }
  // Our own packages are those beside it; all others the same.
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, '@aistore-ts'), { recursive: true })
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name === '@aistore-ts' || name === '.bin' || name === '.cache') continue
    await symlink(join(root, 'node_modules', name), join(modules, name))
  }
  for (const name of await readdir(join(root, 'node_modules/@aistore-ts'))) {
    const to = await readlink(join(root, 'node_modules/@aistore-ts', name))
    await symlink(join('../..', basename(to)), join(modules, '@aistore-ts', name))
  }
  await cp(join(root, 'package.json'), join(folder, 'package.json'))
  return join(folder, 'node-daemon/src/aisnode.ts')
}

const version: Patch = {
  file: 'node-daemon/src/node/version.ts',
  from: '-0.1.0',
  to: '-0.2.0',
}

const newFormat: Patch = {
  file: 'node-daemon/src/files/document-store.ts',
  from: 'const documentFormat = 1',
  to: 'const documentFormat = 2',
}

async function versionAt(node: LabNode): Promise<string> {
  return (await ask(node, 'GET', '/v1/daemon?what=software_version')).text
}

/** Everything that a node keeps beside its objects, byte for byte. */
async function folderOf(node: LabNode): Promise<string> {
  const names = (await readdir(node.confdir)).filter((name) => name.startsWith('.ais.')).sort()
  const texts = names.map(async (name) => `${name} ${await readFile(join(node.confdir, name))}`)
  return (await Promise.all(texts)).join('\n')
}

/** Nodes go to a later version one by one, some go back; then to one that writes its documents in another way. */
async function rolling(trial: Trial): Promise<void> {
  const { lab } = trial
  const next = await buildOf(join(lab.folder, 'next'), [version])
  const later = await buildOf(join(lab.folder, 'later'), [version, newFormat])
  const ledger = await trial.load()
  await trial.pause(2)
  const gateways = (away: LabNode) => lab.proxies.filter((proxy) => proxy !== away)
  let changes = 0

  async function replace(node: LabNode, entry: string | undefined): Promise<void> {
    await ledger.use(gateways(node))
    ledger.complete = false
    await node.kill()
    await node.start(entry === undefined ? {} : { entry })
    await trial.within(8, 'all agree', () => trial.agree(lab.nodes, 3, 3))
    const through = lab.proxies[changes % lab.proxies.length] ?? node
    changes += 1
    const bucket = `step${changes}`
    await trial.within(6, 'a change', async () => {
      const status = await createBucket(through, bucket)
      return status === 200 || status === 409
    })
    await trial.within(6, 'the same everywhere', () => sameInForce(lab.nodes))
    await ledger.use(lab.proxies)
  }

  for (const node of lab.nodes) await replace(node, next)
  for (const node of lab.nodes) {
    trial.check((await versionAt(node)).includes('0.2.0'), `${node.role}-${node.machine} is old`)
  }
  for (const node of [lab.proxies[0], lab.targets[0]]) if (node) await replace(node, undefined)

  // One of each role in a format that the others do not know.
  for (const node of [lab.proxies[1], lab.targets[1]]) {
    if (node === undefined) throw new Error('assert: enough nodes')
    await replace(node, later)
    await ledger.use(gateways(node))
    await node.kill()
    const before = await folderOf(node)
    const why = await node.start().then(
      () => 'it runs',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    trial.check(why.includes('newer than this program'), `${node.role} gone back: ${why}`)
    trial.check((await folderOf(node)) === before, `${node.role}: its documents were rewritten`)
    await node.start({ entry: later })
    await trial.within(8, 'all agree', () => trial.agree(lab.nodes, 3, 3))
  }
  await trial.within(6, 'the same everywhere', () => sameInForce(lab.nodes))
  await ledger.use(lab.proxies)
  await trial.pause(3)
  await ledger.stop()
  trial.figure('changes of a mixed cluster', changes)
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

export const versionScenarios: readonly Scenario[] = [
  {
    id: 'A16',
    title: 'a rolling upgrade, and nodes that go back',
    shape: { proxies: 3, targets: 3 },
    run: rolling,
  },
]
