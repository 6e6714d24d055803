import type { Bmd } from '../bucket/bmd.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import type { Documents } from './control/documents.ts'
import type { Credentials } from './credentials.ts'
import type { Emd } from './emd.ts'
import type { RevokedTokens } from './revoked-tokens.ts'
import type { Rmd } from './rmd.ts'
import type { Smap } from './smap.ts'

/** The replicated metadata in force at one node. */
export interface Metadata {
  smap(): Smap
  bmd(): Bmd
  config(): ClusterConfig
  rmd(): Rmd
  credentials(): Credentials
  emd(): Emd
  revoked(): RevokedTokens
  /** Called after a change, in the order of subscription; a later change waits for the promise. */
  onChange(listener: (now: Metadata, changed: Partial<Documents>) => void | Promise<void>): void
}
