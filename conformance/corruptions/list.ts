import { bodyCorruptions } from './bodies.ts'
import type { Corruption } from './corruption.ts'
import { headerCorruptions } from './headers.ts'
import { requestCorruptions } from './requests.ts'
import { statusCorruptions } from './statuses.ts'

/** Every corruption that the suite has to notice. */
export const allCorruptions: readonly Corruption[] = [
  ...statusCorruptions,
  ...headerCorruptions,
  ...bodyCorruptions,
  ...requestCorruptions,
]
