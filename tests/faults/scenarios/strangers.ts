import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createChance } from '../chance.ts'
import type { LabNode } from '../lab-node.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { shell } from '../shell.ts'
import { bucketsOf, createBucket } from './buckets.ts'
import { ask, idOf } from './control.ts'

/** Why a node did not become part of the cluster; `undefined` when it did. */
async function refused(start: Promise<void>): Promise<string | undefined> {
  try {
    await start
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function checkRefused(
  trial: Trial,
  start: Promise<void>,
  code: string,
  what: string,
): Promise<void> {
  const why = await refused(start)
  trial.check(why?.includes(code) === true, `${what}: ${why ?? 'was taken in'}`)
}

/** Two clusters with the same buckets; one is told, by force, to follow the primary of the other. */
async function twoClusters(trial: Trial): Promise<void> {
  const { lab } = trial
  const chance = createChance(trial.seed)
  const sides = [lab.nodes, lab.strangers]
  const proxiesOf = (nodes: readonly LabNode[]) => nodes.filter(({ role }) => role === 'proxy')
  const before: { uuid: string; buckets: string }[] = []
  for (const [at, nodes] of sides.entries()) {
    const [gateway] = proxiesOf(nodes)
    if (gateway === undefined) throw new Error('assert: gateways on both sides')
    for (const name of ['both', at === 0 ? 'left' : 'right']) await createBucket(gateway, name)
    const put = `${gateway.url}/v1/objects/both/whose`
    await fetch(put, { method: 'PUT', body: `cluster ${at}` })
    const view = await lab.view(gateway)
    before.push({ uuid: view?.uuid ?? '', buckets: (await bucketsOf(gateway)).join() })
  }
  const rounds = 10
  let refusals = 0
  for (let round = 0; round < rounds; round++) {
    const [here, there] = round % 2 === 0 ? sides : sides.toReversed()
    if (here === undefined || there === undefined) throw new Error('assert: two sides')
    const mine = await lab.primary(proxiesOf(here))
    const theirs = await lab.primary(proxiesOf(there))
    const id = await idOf(theirs)
    const query = `frc=true&can=${encodeURIComponent(theirs.url)}`
    const call = ask(mine, 'PUT', `/v1/cluster/proxy/${id}?${query}`)
    const join = ask(mine, 'POST', '/v1/cluster/join-by-admin', {
      daemon_type: 'proxy',
      public_net: { direct_url: theirs.url },
      intra_control_net: { direct_url: theirs.url },
    })
    await trial.pause(chance() * 0.2)
    const victim = round % 4 < 2 ? mine : theirs
    await victim.kill()
    const { status, text } = await call
    // Refused for the bucket of both; or somebody could not be asked.
    trial.check([0, 400, 409, 502, 503].includes(status), `by force: ${status} ${text}`)
    const joined = await join
    // Whoever is away cannot say why not.
    const others = [0, 400, 502].includes(joined.status)
    trial.check(others, `join of another cluster's primary: ${joined.status} ${joined.text}`)
    if (text.includes('cie#') || joined.text.includes('cie#')) refusals += 1
    await victim.start()
    for (const nodes of sides) {
      await trial.within(8, 'each side is whole', () => trial.agree(nodes, 2, 2))
    }
  }
  trial.figure('refused with cie#', refusals)
  for (const [at, nodes] of sides.entries()) {
    for (const node of nodes) {
      const view = await lab.view(node)
      trial.check(view?.uuid === before[at]?.uuid, `${node.role}-${node.machine} changed sides`)
      const buckets = (await bucketsOf(node)).join()
      trial.check(buckets === before[at]?.buckets, `${node.role}-${node.machine} has ${buckets}`)
    }
    const [gateway] = proxiesOf(nodes)
    const reply = await fetch(`${gateway?.url}/v1/objects/both/whose`)
    trial.check((await reply.text()) === `cluster ${at}`, `cluster ${at} has the other's object`)
  }
  await merge(trial, lab.nodes, lab.strangers)
}

/** Without a bucket of both, one gives itself up for the other, whichever primary dies meanwhile. */
async function merge(
  trial: Trial,
  loser: readonly LabNode[],
  winner: readonly LabNode[],
): Promise<void> {
  const { lab } = trial
  const chance = createChance(trial.seed + 1)
  const gateways = (nodes: readonly LabNode[]) => nodes.filter(({ role }) => role === 'proxy')
  const end = await lab.primary(gateways(winner))
  const { uuid } = (await lab.view(end)) ?? { uuid: '' }
  await ask(end, 'DELETE', '/v1/buckets/both', { action: 'destroy-bck' })
  const isMerged = async () => {
    const views = await Promise.all(loser.map((node) => lab.view(node)))
    return views.every((view) => view?.uuid === uuid)
  }
  let words = 0
  for (; words < 6 && !(await isMerged()); words++) {
    const mine = await lab.primary(gateways(loser))
    const theirs = await lab.primary(gateways(winner))
    const query = `frc=true&can=${encodeURIComponent(theirs.url)}`
    const call = ask(mine, 'PUT', `/v1/cluster/proxy/${await idOf(theirs)}?${query}`)
    await trial.pause(chance())
    const victim = words % 2 === 0 ? mine : theirs
    if (words < 4) await victim.kill()
    await call
    if (words < 4) await victim.start()
    for (let looks = 0; looks < 20 && !(await isMerged()); looks++) await trial.pause(1)
  }
  trial.figure('words until one is left', words)
  const all = [...loser, ...winner]
  await trial.within(20, 'one cluster is left', () => trial.agree(all, 4, 4))
  for (const node of gateways(all)) {
    const buckets = (await bucketsOf(node)).join()
    trial.check(buckets === 'both,left,right', `${node.machine} has ${buckets}`)
    const reply = await fetch(`${node.url}/v1/objects/both/whose`)
    trial.check((await reply.text()) === 'cluster 0', `${node.machine}: the object of both`)
  }
}

/** What a node wants to be that another one is, or that belongs elsewhere. */
async function doubles(trial: Trial): Promise<void> {
  const { lab } = trial
  const [first, second, spare] = lab.targets
  const stranger = lab.strangers.find(({ role }) => role === 'target')
  if (!first || !second || !spare || !stranger) throw new Error('assert: enough nodes')
  const ledger = await trial.load()
  await trial.pause(3)
  const members = lab.nodes.filter((node) => node !== spare)
  const firstId = await idOf(first)
  const [firstDisk, secondDisk] = [first.disks[0] ?? '', second.disks[0] ?? '']

  await checkRefused(
    trial,
    spare.start({ args: [`-daemon_id=${firstId}`] }),
    'duplicate node ID',
    'a second bearer of an ID',
  )
  await rm(spare.confdir, { recursive: true, force: true })

  // It says that it is where another one is: it may even listen there, but nobody reaches it.
  const [command = '', ...prefix] = lab.network.on(spare.machine)
  await shell(command, ...prefix, 'sysctl', '-q', '-w', 'net.ipv4.ip_nonlocal_bind=1')
  const taken = new URL(first.url).hostname
  for (const disk of spare.disks) await rm(disk, { recursive: true, force: true })
  await shell('mkdir', '-p', spare.confdir, ...spare.disks)
  await checkRefused(
    trial,
    spare.start({ env: { AIS_HOST_IP: taken } }),
    `belongs to node ${firstId}`,
    'a second node at an address',
  )

  const left = await lab.primary(lab.strangers.filter(({ role }) => role === 'proxy'))
  for (const node of lab.strangers) await node.kill()
  const joinUrl = `-join=${lab.proxies[0]?.url}`
  await checkRefused(
    trial,
    stranger.start({ args: [joinUrl] }),
    'cie#',
    'a node of another cluster',
  )
  await left.start()
  trial.check(await trial.agree(members, 3, 2), 'the map changed')

  ledger.complete = false
  await Promise.all([first.kill(), second.kill()])
  await swap(firstDisk, secondDisk)
  await checkRefused(trial, first.start(), 'sie#', 'a disk of another target')
  await checkRefused(trial, second.start(), 'sie#', 'a disk of another target')
  await swap(firstDisk, secondDisk)
  // The same disks under other names, as after a reboot.
  await swap(first.disks[0] ?? '', first.disks[1] ?? '')
  await Promise.all([first.start(), second.start()])
  await trial.within(8, 'all are back', () => trial.agree(members, 3, 2))
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
}

async function swap(one: string, other: string): Promise<void> {
  await rename(one, `${one}.aside`)
  await rename(other, one)
  await rename(`${one}.aside`, other)
}

/** Flips a byte in the middle of a document and of the version before it. */
async function corrupt(folder: string, name: string): Promise<void> {
  for (const each of [name, `${name}.prev`]) {
    const path = join(folder, each)
    const bytes = await readFile(path).catch(() => undefined)
    if (bytes === undefined) continue
    const at = Math.floor(bytes.length / 2)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    await writeFile(path, bytes)
  }
}

const documents = ['.ais.node', '.ais.vote', '.ais.state', '.ais.pending'] as const

/** Folders of the primary, a target, and all gateways are lost or damaged, one after the other. */
async function lostFolders(trial: Trial): Promise<void> {
  const { lab } = trial
  const ledger = await trial.load()
  await trial.pause(3)
  const uuid = (await lab.view(await lab.primary()))?.uuid
  const [target] = lab.targets
  if (target === undefined) throw new Error('assert: there are targets')
  const targetId = await idOf(target)
  ledger.complete = false

  async function once(node: LabNode, what: string, damage: () => Promise<void>): Promise<void> {
    await node.kill()
    await damage()
    await ledger.use(lab.proxies.filter((proxy) => proxy !== node))
    await trial.pause(4)
    await node.start()
    await trial.within(8, 'all agree', () => trial.agree(lab.nodes, 3, 3))
    const view = await lab.view(node)
    trial.check(view?.uuid === uuid, `${what}: another cluster, ${view?.uuid}`)
    await ledger.use(lab.proxies)
  }

  const lost = (node: LabNode) => () => rm(node.confdir, { recursive: true })
  await once(await lab.primary(), 'primary without a folder', lost(await lab.primary()))
  await once(target, 'target without a folder', lost(target))
  trial.check((await idOf(target)) === targetId, 'the target has another ID')
  for (const name of documents) {
    const primary = await lab.primary()
    await once(primary, `primary, ${name}`, () => corrupt(primary.confdir, name))
    await once(target, `target, ${name}`, () => corrupt(target.confdir, name))
    trial.check((await idOf(target)) === targetId, `target, ${name}: it has another ID`)
  }
  for (const proxy of lab.proxies) await once(proxy, 'gateway without a folder', lost(proxy))
  ledger.complete = true
  await trial.pause(2)
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
  await foreignDisks(trial, target)
}

/** The folder says one cluster, the disks another one: that is for a human to sort out. */
async function foreignDisks(trial: Trial, target: LabNode): Promise<void> {
  const { lab } = trial
  const stranger = lab.strangers.find(({ role }) => role === 'target')
  if (stranger === undefined) throw new Error('assert: a second cluster')
  await target.kill()
  await stranger.kill()
  const kept = `${target.confdir}.kept`
  await rename(target.confdir, kept)
  await cp(kept, target.confdir, { recursive: true })
  await cp(join(stranger.confdir, '.ais.state'), join(target.confdir, '.ais.state'))
  await checkRefused(trial, target.start(), 'cie#60', 'disks of one cluster, folder of another')
  await rm(target.confdir, { recursive: true })
  await rename(kept, target.confdir)
  await target.start()
  await trial.within(8, 'all are back', () => trial.agree(lab.nodes, 3, 3))
}

export const strangerScenarios: readonly Scenario[] = [
  {
    id: 'A09',
    title: 'a cluster is told by force to follow the primary of another',
    shape: { proxies: 2, targets: 2, second: { proxies: 2, targets: 2 } },
    run: twoClusters,
  },
  {
    id: 'A12',
    title: 'IDs, addresses and disks that are another one’s',
    shape: { proxies: 3, targets: 2, spares: 1, second: { proxies: 1, targets: 1 } },
    run: doubles,
  },
  {
    id: 'A13',
    title: 'folders lost or damaged',
    shape: { proxies: 3, targets: 3, second: { proxies: 1, targets: 1 } },
    run: lostFolders,
  },
]
