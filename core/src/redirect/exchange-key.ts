import { fromBase64, toBase64 } from '../algorithms/base64.ts'
import { exchangeKeyBytes } from '../cluster/snode.ts'
import { AisError } from '../errors/ais-error.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Random } from '../ports/random.ts'

/** Name of the document that holds a node's private key. */
const documentName = '.ais.exchange_key'

/** A node's own X25519 keys. The private one leaves the node's folder never. */
export interface ExchangeKeys {
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
}

/**
 * The keys this node keeps across restarts; made when there are none.
 * @throws AisError `ErrBadRequest` the document holds something else
 */
export async function openExchangeKeys(
  store: DocumentStore,
  random: Random,
  crypto: Crypto,
): Promise<ExchangeKeys> {
  const kept = await store.load(documentName)
  const privateKey = kept === undefined ? random.bytes(exchangeKeyBytes) : fromBase64(kept.trim())
  if (privateKey?.length !== exchangeKeyBytes) {
    throw new AisError('ErrBadRequest', `document ${documentName}: no private key is in it`)
  }
  if (kept === undefined) await store.save(documentName, toBase64(privateKey))
  return { privateKey, publicKey: crypto.x25519Public(privateKey) }
}
