import { loadRow } from '../harness/load-row.ts'

export const get1m = loadRow({
  name: 'get-1m',
  question: 'How many GETs of 1 MiB does one core serve from memory through a target?',
  method: 'GET',
  sizeBytes: 1024 * 1024,
  names: 16,
  connections: 8,
  goals: { bun: 1.6, node: 0.55 },
  bunProfile: 'bun-fast',
  at: 'target',
})
