import { loadRow } from '../harness/load-row.ts'

export const get4k = loadRow({
  name: 'get-4k',
  question: 'How many GETs of 4 KiB does one core serve from memory through a target?',
  method: 'GET',
  sizeBytes: 4 * 1024,
  names: 256,
  connections: 16,
  goals: { bun: 0.75, node: 0.48 },
  bunProfile: 'bun-fast',
  at: 'target',
})
