import { loaderRow } from '../harness/loader-row.ts'

export const loaderGet1m = loaderRow({
  name: 'loader-get-1m',
  question:
    "How many GETs of 1 MiB does the original's load generator get done, 16 workers, 3 targets?",
  method: 'GET',
  sizeBytes: 1024 * 1024,
})
