import { loadRow } from '../harness/load-row.ts'

export const put64k = loadRow({
  name: 'put-64k',
  question:
    'How many PUTs of 64 KiB does one core take, hashed, catalogued and safe against kill -9?',
  method: 'PUT',
  sizeBytes: 64 * 1024,
  names: 256,
  connections: 16,
  goals: { bun: 0.75, node: 0.55 },
  bunProfile: 'bun-fast',
  at: 'target',
})
