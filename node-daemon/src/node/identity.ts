import { generateNodeId } from '@aistore-ts/core/algorithms/short-id.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { DocumentStore } from '@aistore-ts/core/ports/document-store.ts'
import type { Random } from '@aistore-ts/core/ports/random.ts'

const documentName = '.ais.node'

/**
 * The node's ID: made once and kept with its metadata, so that it survives restarts, moves and other ports.
 * @param wanted `-daemon_id` or `AIS_DAEMON_ID`; must agree with what is kept
 * @throws AisError `ErrBadRequest`
 */
export async function nodeIdentity(
  store: DocumentStore,
  random: Random,
  wanted: string | undefined,
): Promise<string> {
  if (wanted !== undefined && !/^[A-Za-z0-9_.-]{8,32}$/.test(wanted)) {
    throw new AisError(
      'ErrBadRequest',
      `invalid daemon ID "${wanted}": expecting 8 to 32 characters [A-Za-z0-9_.-]`,
    )
  }
  const kept = await store.load(documentName)
  if (kept !== undefined) {
    if (wanted !== undefined && wanted !== kept) {
      throw new AisError('ErrBadRequest', `daemon ID "${wanted}": this folder belongs to "${kept}"`)
    }
    return kept
  }
  const id = wanted ?? generateNodeId(random)
  await store.save(documentName, id)
  return id
}
