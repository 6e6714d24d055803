import { loaderRow } from '../harness/loader-row.ts'

export const loaderPut1m = loaderRow({
  name: 'loader-put-1m',
  question:
    "How many PUTs of 1 MiB does the original's load generator get done, 16 workers, 3 targets?",
  method: 'PUT',
  sizeBytes: 1024 * 1024,
})
