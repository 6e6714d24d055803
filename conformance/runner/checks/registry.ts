import type { Check } from './check.ts'
import { namesAscending } from './names-ascending.ts'
import { smapDigests } from './smap-digests.ts'

/** Named checks that an expectation can ask for. */
export const checks: { readonly [name: string]: Check } = {
  'smap-digests': smapDigests,
  'names-ascending': namesAscending,
}
