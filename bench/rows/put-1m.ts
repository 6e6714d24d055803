import { loadRow } from '../harness/load-row.ts'

export const put1m = loadRow({
  name: 'put-1m',
  question:
    'How many PUTs of 1 MiB does one core take, hashed, catalogued and safe against kill -9?',
  method: 'PUT',
  sizeBytes: 1024 * 1024,
  names: 16,
  connections: 8,
  goals: { bun: 0.58, node: 0.48 },
  bunProfile: 'bun-fast',
  at: 'target',
})
