import { loadRow } from '../harness/load-row.ts'

export const put16m = loadRow({
  name: 'put-16m',
  question:
    'How many PUTs of 16 MiB does one core take, hashed, catalogued and safe against kill -9?',
  method: 'PUT',
  sizeBytes: 16 * 1024 * 1024,
  names: 4,
  connections: 4,
  goals: { bun: 0.58, node: 0.48 },
  bunProfile: 'bun-fast',
  at: 'target',
})
