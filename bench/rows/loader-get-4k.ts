import { loaderRow } from '../harness/loader-row.ts'

export const loaderGet4k = loaderRow({
  name: 'loader-get-4k',
  question:
    "How many GETs of 4 KiB does the original's load generator get done, 16 workers, 3 targets?",
  method: 'GET',
  sizeBytes: 4 * 1024,
})
