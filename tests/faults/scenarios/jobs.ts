import { readdir } from 'node:fs/promises'
import { createChance } from '../chance.ts'
import type { LabNode } from '../lab-node.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { type Answer, act, ask } from './control.ts'
import { openJobWorld, type Work, type World, works } from './job-works.ts'
import { fill, missingOf, quiet } from './objects.ts'

const objects = 3_000

interface Status {
  readonly end_time: number
  readonly is_idle: boolean
  readonly aborted: boolean
  readonly err: string
}

async function statusOf(gateway: LabNode, id: string): Promise<Status | undefined> {
  const reply = await fetch(`${gateway.url}/v1/cluster?what=status`, {
    method: 'POST',
    headers: { 'X-HTTP-Method-Override': 'GET' },
    body: JSON.stringify({ ID: id }),
  })
  return reply.ok ? ((await reply.json()) as Status) : undefined
}

/** Work files that nobody works on. */
async function workFiles(targets: readonly LabNode[]): Promise<string[]> {
  const disks = targets.flatMap((target) => target.disks)
  const listed = await Promise.all(disks.map((disk) => readdir(disk, { recursive: true })))
  return listed.flat().filter((path) => path.includes('/%wk/'))
}

/** Starts the job, once the objects are where the map says; its ID. */
async function begin(trial: Trial, world: World, work: Work): Promise<string> {
  let answer: Answer = { status: 0, text: '' }
  await trial.within(40, `${work.kind} is taken`, async () => {
    answer = await work.start(world)
    return answer.status === 200
  })
  return answer.text.trim()
}

async function ended(trial: Trial, gateway: LabNode, work: Work, id: string): Promise<Status> {
  let status: Status | undefined
  await trial.within(60, `${work.kind} ends`, async () => {
    status = await statusOf(gateway, id)
    return status !== undefined && (status.end_time !== 0 || status.is_idle)
  })
  if (status === undefined) throw new Error('assert: it has ended')
  return status
}

/** A target dies in the middle of a job of every kind, and comes back. */
async function deaths(trial: Trial): Promise<void> {
  const { lab } = trial
  const [gateway] = lab.proxies
  if (gateway === undefined) throw new Error('assert: a gateway')
  await fill(trial, objects)
  for (const bucket of ['picked', 'shards', 'promoted']) {
    await ask(gateway, 'POST', `/v1/buckets/${bucket}`, { action: 'create-bck' })
  }
  const world = await openJobWorld(gateway, lab.network.observer, objects)
  try {
    await act(gateway, 'set-config', {
      downloader: { allow_cidrs: [`${lab.network.observer}/32`] },
    })
    await deathsIn(trial, world)
  } finally {
    await world.close()
  }
}

async function deathsIn(trial: Trial, world: World): Promise<void> {
  const { lab } = trial
  const { gateway } = world
  const chance = createChance(trial.seed)
  for (const [at, work] of works.entries()) {
    const victim = lab.targets[at % lab.targets.length]
    if (victim === undefined) throw new Error('assert: a target')
    const id = await begin(trial, world, work)
    await trial.pause(chance() * 0.3)
    await victim.kill()
    await trial.pause(chance() * 4)
    await victim.start()
    const status = await ended(trial, gateway, work, id)
    trial.figure(`${work.kind} was`, status.aborted ? 'aborted' : 'done')
    await trial.within(10, 'all agree', () => trial.agree(lab.nodes, 1, lab.targets.length))
    await trial.within(60, 'objects are at rest', () => quiet(gateway))
    if (!status.aborted) {
      for (const wrong of await work.verify(world)) trial.check(false, `${work.kind}: ${wrong}`)
    }
    // Asked for again it comes to a good end.
    const again = await ended(trial, gateway, work, await begin(trial, world, work))
    trial.check(!again.aborted && again.err === '', `${work.kind} again: ${again.err}`)
    for (const wrong of await work.verify(world)) trial.check(false, `${work.kind}: ${wrong}`)
    const missing = await missingOf(gateway, objects)
    trial.check(missing === 0, `${work.kind}: ${missing} objects of the source are missing`)
  }
  await trial.within(10, 'no work files are left', async () => {
    return (await workFiles(lab.targets)).length === 0
  })
}

export const jobScenarios: readonly Scenario[] = [
  {
    id: 'X08',
    title: 'a target dies in the middle of a job of every kind',
    shape: { proxies: 1, targets: 3 },
    run: deaths,
  },
]
