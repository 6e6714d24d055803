import type { AuthConfig } from './auth-config.ts'

/** How long a redirect is good for, before and after the time in it, unless `nonce_window` says otherwise, ms. */
const windowMsDefault = 60_000
/** How long the former key of a node counts, unless `rotation_grace` says otherwise, ms. */
const graceMsDefault = 60_000

/** Whether redirects bear tags, and targets ask for them: unless the configuration turns it off. */
export function requiresTags({ intra_cluster }: AuthConfig): boolean {
  return intra_cluster?.request_auth ?? true
}

/** How far the time in a redirect may be from a target's, ms. */
export function nonceWindowMs({ intra_cluster }: AuthConfig): number {
  return intra_cluster?.nonce_window ?? windowMsDefault
}

/** How long what a node signed with its former key is taken, ms. */
export function rotationGraceMs({ intra_cluster }: AuthConfig): number {
  return intra_cluster?.rotation_grace ?? graceMsDefault
}
