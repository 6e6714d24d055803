import { loadRow } from '../harness/load-row.ts'

export const get64k = loadRow({
  name: 'get-64k',
  question: 'How many GETs of 64 KiB does one core serve from memory through a target?',
  method: 'GET',
  sizeBytes: 64 * 1024,
  names: 64,
  connections: 16,
  goals: { bun: 0.6, node: 0.45 },
  bunProfile: 'bun-fast',
  at: 'target',
})
