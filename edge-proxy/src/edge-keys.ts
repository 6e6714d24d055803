import { fromBase64 } from '@aistore-ts/core/algorithms/base64.ts'
import { plainSha256 } from '@aistore-ts/core/algorithms/sha256.ts'
import { utf8Encode } from '@aistore-ts/core/algorithms/utf8.ts'
import type { SignedText } from '@aistore-ts/core/edge/edge-map.ts'
import { hpkeKeys } from '@aistore-ts/core/edge/hpke.ts'
import { edgeCredentialsPurpose, type SealedText } from '@aistore-ts/core/edge/sealed-text.ts'
import { pairPurpose } from '@aistore-ts/core/redirect/pair-keys.ts'

/** What precedes the 32 bytes of an X25519 key in PKCS #8 (RFC 8410). */
const privateHead = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32]
const keyBytes = 32
/** With which X25519 makes a public key of a private one (RFC 7748, 4.1). */
const basePoint = Uint8Array.from({ length: keyBytes }, (_unused, at) => (at === 0 ? 9 : 0))
const { subtle } = crypto

const hmac = { name: 'HMAC', hash: 'SHA-256' } as const

function hmacKey(bytes: BufferSource): Promise<CryptoKey> {
  return subtle.importKey('raw', bytes, hmac, false, ['sign'])
}

async function digest(key: CryptoKey, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await subtle.sign('HMAC', key, utf8Encode(text).slice()))
}

/** The cryptography of an edge gateway: keys by the platform's own WebCrypto, tags by what waits for nobody. */
export interface EdgeKeys {
  /** Whether the cluster vouches for a text, as one for `purpose`. */
  isVouched(document: SignedText, purpose: string): Promise<boolean>
  /** What was sealed for this edge (RFC 9180); `undefined` when it was for another, or is not whole. */
  open(box: SealedText): Promise<Uint8Array | undefined>
  /** HMAC-SHA-256 of `text` under the key shared with a target. */
  tag(peer: TaggingPeer, text: string): Uint8Array | Promise<Uint8Array>
}

export interface TaggingPeer {
  readonly clusterUuid: string
  readonly targetId: string
  /** X25519 public key, base64. */
  readonly publicKey: string
}

export interface EdgeKeyParts {
  /** HMAC-SHA-256 of texts under a key. */
  readonly createHmac: (key: Uint8Array) => (text: string) => Uint8Array
  readonly id: string
  readonly privateKey: Uint8Array
  readonly root: Uint8Array
}

export function createEdgeKeys({ id, privateKey, root, createHmac }: EdgeKeyParts): EdgeKeys {
  const pairs = new Map<string, (text: string) => Uint8Array>()
  let own: CryptoKey | undefined
  let vouching: CryptoKey | undefined

  /** X25519 of this edge's key and another's. */
  async function agree(theirs: BufferSource): Promise<ArrayBuffer> {
    const pkcs8 = new Uint8Array([...privateHead, ...privateKey])
    own ??= await subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits'])
    const key = await subtle.importKey('raw', theirs, 'X25519', false, [])
    return subtle.deriveBits({ name: 'X25519', public: key }, own, 256)
  }

  /** As `createPairKeys` of the core derives it: X25519, then HKDF-SHA-256 (RFC 5869). */
  async function derive({ clusterUuid, targetId, publicKey }: TaggingPeer): Promise<Uint8Array> {
    const bytes = fromBase64(publicKey)
    if (bytes === undefined) throw new Error(`target "${targetId}": its key is no base64`)
    const secret = await agree(bytes)
    const extracting = await hmacKey(new Uint8Array(32))
    const extracted = await subtle.sign('HMAC', extracting, secret)
    const info = [pairPurpose, clusterUuid, id, targetId].join('\0')
    return digest(await hmacKey(extracted), `${info}\x01`)
  }

  return {
    async isVouched({ text, signature }, purpose) {
      const bytes = fromBase64(signature)
      if (bytes === undefined) return false
      vouching ??= await subtle.importKey('raw', root.slice(), 'Ed25519', false, ['verify'])
      return subtle.verify('Ed25519', vouching, bytes, utf8Encode(purpose + text).slice())
    },
    async open({ enc, sealed }) {
      const ephemeral = fromBase64(enc)
      const box = fromBase64(sealed)
      if (ephemeral?.length !== keyBytes || box === undefined) return undefined
      const info = utf8Encode(edgeCredentialsPurpose + id)
      try {
        const shared = new Uint8Array(await agree(ephemeral))
        const mine = new Uint8Array(await agree(basePoint))
        const found = hpkeKeys(plainSha256.hmacSha256, shared, ephemeral, mine, info)
        const key = await subtle.importKey('raw', found.key.slice(), 'AES-GCM', false, ['decrypt'])
        const algorithm = { name: 'AES-GCM', iv: found.nonce.slice() }
        return new Uint8Array(await subtle.decrypt(algorithm, key, box))
      } catch {
        // WebCrypto says no more than that it did not work.
        return undefined
      }
    },
    tag(peer, text) {
      const name = `${peer.clusterUuid}|${peer.targetId}|${peer.publicKey}`
      const known = pairs.get(name)
      if (known !== undefined) return known(text)
      return derive(peer).then((key) => {
        const hmac = createHmac(key)
        pairs.set(name, hmac)
        return hmac(text)
      })
    },
  }
}
