import { loadRow } from '../harness/load-row.ts'

export const headV2 = loadRow({
  name: 'head-v2',
  question:
    'How many selective HEADs of an object does one core of a target answer (nginx: redirects)?',
  method: 'HEAD',
  sizeBytes: 16,
  names: 64,
  connections: 32,
  goals: { bun: 0.35, node: 0.28 },
  bunProfile: 'bun-faithful',
  at: 'target',
  query: '?props=size,checksum,version',
  redirects: true,
})
