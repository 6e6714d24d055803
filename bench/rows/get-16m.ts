import { loadRow } from '../harness/load-row.ts'

export const get16m = loadRow({
  name: 'get-16m',
  question: 'How many GETs of 16 MiB does one core serve from memory through a target?',
  method: 'GET',
  sizeBytes: 16 * 1024 * 1024,
  names: 4,
  connections: 4,
  goals: { bun: 1.8, node: 0.5 },
  bunProfile: 'bun-fast',
  at: 'target',
})
