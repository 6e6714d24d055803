import { loadRow } from '../harness/load-row.ts'

export const put4k = loadRow({
  name: 'put-4k',
  question:
    'How many PUTs of 4 KiB does one core take, hashed, catalogued and safe against kill -9?',
  method: 'PUT',
  sizeBytes: 4 * 1024,
  names: 1024,
  connections: 16,
  goals: { bun: 0.75, node: 0.46 },
  bunProfile: 'bun-fast',
  at: 'target',
})
