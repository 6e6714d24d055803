import { loadRow } from '../harness/load-row.ts'

export const redirectGet = loadRow({
  name: 'redirect-get',
  question: 'How many object GETs does one core of a gateway send to their owner?',
  method: 'GET',
  sizeBytes: 16,
  names: 64,
  connections: 32,
  goals: { bun: 0.35, node: 0.32 },
  bunProfile: 'bun-faithful',
  at: 'gateway',
  redirects: true,
})
