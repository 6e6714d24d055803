import { loaderRow } from '../harness/loader-row.ts'

export const loaderPut4k = loaderRow({
  name: 'loader-put-4k',
  question:
    "How many PUTs of 4 KiB does the original's load generator get done, 16 workers, 3 targets?",
  method: 'PUT',
  sizeBytes: 4 * 1024,
})
