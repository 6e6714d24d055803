import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runtimeCommand } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { serverCore, startServer } from '../harness/command.ts'
import type { Lab } from '../harness/lab.ts'
import type { Row, Subject } from '../harness/row.ts'
import { type Load, runWrk } from '../harness/wrk.ts'

const program = fileURLToPath(new URL('../bare/write-layers.ts', import.meta.url))

/** Each does what the one before it does, and more; `mountpath` is ours in place of `file`, `row` and `intent`. */
const layers = ['listener', 'hash', 'file', 'row', 'intent', 'mountpath'] as const

type Runtime = 'bun' | 'node'

function loadOf(url: string): Load {
  return { method: 'PUT', url, names: 1_024, bodyBytes: 4_096, connections: 16 }
}

async function layer(lab: Lab, runtime: Runtime, name: string): Promise<Subject> {
  const port = lab.port()
  const { command, args, environment } = runtimeCommand(runtime, program)
  await lab.own(
    startServer({
      command,
      args: [...args, mkdtempSync(join(lab.dir, 'layer-')), String(port), name],
      core: serverCore,
      env: environment,
      readyText: 'ready ',
    }),
  )
  const load = loadOf(`http://127.0.0.1:${port}/%NAME%`)
  return { name, measure: (seconds) => runWrk(load, seconds) }
}

async function target(lab: Lab, runtime: Runtime): Promise<Subject> {
  const cluster = await lab.cluster(runtime)
  await cluster.setTags(false)
  const load = loadOf(await cluster.targetUrl('PUT'))
  return { name: 'target', measure: (seconds) => runWrk(load, seconds) }
}

function putLayers(runtime: Runtime): Row {
  return {
    name: `put-4k-layers-${runtime}`,
    question: `What does each layer of a PUT of 4 KiB cost on ${runtime}, from our listener alone to a target?`,
    unit: 'requests/s',
    reference: 'listener',
    warmsUp: true,
    async subjects(lab) {
      const subjects: Subject[] = []
      for (const name of layers) subjects.push(await layer(lab, runtime, name))
      return [...subjects, await target(lab, runtime)]
    },
  }
}

export const putLayersBun = putLayers('bun')
export const putLayersNode = putLayers('node')
