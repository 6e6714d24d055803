import {
  drawCredentials,
  drawHurry,
  drawLateObjects,
  drawLeaving,
  drawRenames,
  drawStranded,
  type ObjectWork,
  objectKeys,
} from './draw-changes.ts'
import { faults, mild } from './draw-faults.ts'
import { drawnForMs, faultsFromMs } from './moments.ts'
import type { SeededRandom } from './seeded-random.ts'
import { drawShape, nodeNames, type Shape } from './shape.ts'
import type { SimEvent } from './sim-event.ts'

export interface Schedule {
  readonly shape: Shape
  readonly events: readonly SimEvent[]
  /** When faults end, ms. */
  readonly healAt: number
  readonly objects: ObjectWork
}

/** Time without faults for the cluster to come together, ms. */
export const quietMs = 6_000

/** Everything that will be done to the cluster of a seed. Each seed has some kinds of faults, not all. */
export function drawSchedule(random: SeededRandom): Schedule {
  const objects = random.pick(['none', 'none', 'none', 'stable', 'moving', 'moving'] as const)
  const drawn = drawShape(random)
  const shape = objects === 'stable' ? { ...drawn, late: [] } : drawn
  const nodes = [...nodeNames('proxy', shape.proxies), ...nodeNames('target', shape.targets)]
  const healAt = faultsFromMs + random.between(8_000, 30_000)
  const moment = () => random.between(faultsFromMs, healAt - 1)
  const events: SimEvent[] = shape.late.map((who) => ({ at: moment(), kind: 'start', who }))
  const kinds = Object.values(faults).filter(() => random.chance(0.4))
  const rate = random.pick([1, 2.5, 6])
  for (const draw of kinds) {
    const count = random.between(1, Math.ceil((rate * (healAt - faultsFromMs)) / 10_000))
    for (let i = 0; i < count; i++) {
      const drawn = [draw(random, nodes, moment())].flat()
      events.push(...(objects === 'stable' ? drawn.map(mild) : drawn))
    }
  }
  const gateway = () => random.below(1_000)
  const changes = random.between(5, 60)
  for (let i = 0; i < changes; i++) {
    events.push({ at: moment(), kind: 'bucket', key: random.below(12), gateway: gateway() })
  }
  if (random.chance(0.5)) {
    for (let i = 0; i < random.between(1, 6); i++) {
      events.push({ at: moment(), kind: 'config', value: 1 + i, gateway: gateway() })
    }
  }
  if (shape.proxies > 1 && random.chance(0.4)) {
    for (let i = 0; i < random.between(1, 4); i++) {
      const to = random.pick(nodeNames('proxy', shape.proxies))
      events.push({ at: moment(), kind: 'set-primary', to, gateway: gateway() })
    }
  }
  if (objects === 'none' && random.chance(0.35)) {
    for (let i = 0; i < random.between(1, 5); i++) {
      const who = random.pick(nodes)
      const during = { gateway: gateway(), forMs: drawnForMs(random) }
      events.push({ at: moment(), kind: 'maintenance', who, ...during })
    }
  }
  if (objects !== 'none') {
    for (let i = 0; i < random.between(20, 150); i++) {
      events.push({
        at: moment(),
        kind: 'object',
        key: random.below(objectKeys),
        gateway: gateway(),
      })
    }
  }
  events.push(
    ...drawLeaving(random.fork('leave'), nodes, objects, healAt),
    ...drawRenames(random.fork('rename'), objects, healAt),
    ...drawCredentials(random.fork('credentials'), healAt),
  )
  if (objects === 'moving') {
    events.push(
      ...drawHurry(random.fork('hurry'), nodeNames('target', shape.targets), healAt),
      ...drawStranded(random.fork('stranded'), shape, healAt),
      ...drawLateObjects(random.fork('late objects'), healAt),
    )
  }
  return { shape, healAt, objects, events: events.sort((a, b) => a.at - b.at) }
}
