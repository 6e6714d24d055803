import { generateNodeId } from '@aistore-ts/core/algorithms/short-id.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { DocumentStore } from '@aistore-ts/core/ports/document-store.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { Random } from '@aistore-ts/core/ports/random.ts'
import type { DiskOwner } from '../files/disk-owner.ts'

const documentName = '.ais.node'

export interface IdentityParts {
  readonly store: DocumentStore
  readonly random: Random
  readonly log: Log
  /** `-daemon_id` or `AIS_DAEMON_ID`; must agree with what is kept. */
  readonly wanted: string | undefined
  /** Whom the disks say they belong to, by path. */
  readonly owners: ReadonlyMap<string, DiskOwner>
}

/**
 * The node's ID: made once and kept with its metadata, so that it survives restarts, moves and other ports. When that
 * folder is lost, the disks tell it.
 * @throws AisError `ErrBadRequest`: not an ID, another one than is kept, or a disk of another target (`sie#`)
 */
export async function nodeIdentity(parts: IdentityParts): Promise<string> {
  const { store, wanted, owners, log } = parts
  if (wanted !== undefined && !/^[A-Za-z0-9_.-]{8,32}$/.test(wanted)) {
    throw new AisError(
      'ErrBadRequest',
      `invalid daemon ID "${wanted}": expecting 8 to 32 characters [A-Za-z0-9_.-]`,
    )
  }
  const [owner] = owners.values()
  const kept = await store.load(documentName)
  const id = kept ?? owner?.daemonId ?? wanted ?? generateNodeId(parts.random)
  for (const [path, { daemonId }] of owners) {
    if (daemonId === id) continue
    throw new AisError(
      'ErrBadRequest',
      `storage integrity error (sie#10): mountpath ${path} belongs to target "${daemonId}", this is "${id}"`,
    )
  }
  if (wanted !== undefined && wanted !== id) {
    throw new AisError('ErrBadRequest', `daemon ID "${wanted}": this folder belongs to "${id}"`)
  }
  if (kept === undefined) {
    if (owner !== undefined) log.warn('node ID restored from the mountpaths', { daemonId: id })
    await store.save(documentName, id)
  }
  return id
}
