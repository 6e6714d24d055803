import { fromHex, toHex } from '@aistore-ts/core/algorithms/hex.ts'
import { utf8Decode, utf8Encode } from '@aistore-ts/core/algorithms/utf8.ts'
import { hpkeSeal } from '@aistore-ts/core/edge/hpke.ts'
import { edgeCredentialsPurpose } from '@aistore-ts/core/edge/sealed-text.ts'
import { nodeCrypto } from '@aistore-ts/runtime-adapters/node/crypto.ts'
import { expect, it } from 'vitest'
import { createEdgeKeys } from './edge-keys.ts'

const bytes = (text: string) => fromHex(text) ?? new Uint8Array(0)

/** Made by @hpke/core 1.9.0. */
const vector = {
  recipient: bytes('49e4874e25fe389ed3c9fa2fd09d077907ecc5809c8619e2127128b6a72c7c7a'),
  recipientSecret: bytes('7357bc70e6c39c9fb33488b6378c36a628fd5beef3c8b8d9d6e3f35e5f6bb624'),
  ephemeral: bytes('90c72f157beea04c64356aeb01d4cc85aaf77b5e0be4230efa6011aa827250b8'),
  enc: '2e620a348086cba0a9d95c74160eaf8ef2106330f5f5820392facbf6c6fcb63f',
  sealed: '24b07b423a25d36569c06579cf1bcc593e73cb34cafbfbd6085c12fcc1a4',
}
const plain = utf8Encode('what is sealed')

function keysOf(id: string, privateKey = vector.recipientSecret) {
  const createHmac = (key: Uint8Array) => (text: string) => nodeCrypto.hmacSha256(key, text)
  return createEdgeKeys({ id, privateKey, root: new Uint8Array(32), createHmac })
}

function boxFor(id: string) {
  const info = utf8Encode(edgeCredentialsPurpose + id)
  const box = hpkeSeal(nodeCrypto, vector.ephemeral, vector.recipient, info, plain)
  if (box === undefined) throw new Error('not sealed')
  return box
}

const base64 = (data: Uint8Array) => Buffer.from(data).toString('base64')

it('a box is sealed as by another program', () => {
  const info = utf8Encode('an info')
  const box = hpkeSeal(nodeCrypto, vector.ephemeral, vector.recipient, info, plain)
  expect(box && [toHex(box.enc), toHex(box.sealed)]).toEqual([vector.enc, vector.sealed])
})

it('nothing is sealed for a key that everybody shares a secret with', () => {
  const open = new Uint8Array(32)
  expect(hpkeSeal(nodeCrypto, vector.ephemeral, open, plain, plain)).toBeUndefined()
})

it('an edge opens what was sealed for it, and no other does', async () => {
  const { enc, sealed } = boxFor('edge1')
  const box = { enc: base64(enc), sealed: base64(sealed) }
  const opened = await keysOf('edge1').open(box)
  expect(opened && utf8Decode(opened)).toBe('what is sealed')
  expect(await keysOf('edge2').open(box)).toBeUndefined()
  expect(await keysOf('edge1', vector.ephemeral).open(box)).toBeUndefined()
})

it('a box with one bit changed, cut, or of no base64 is not opened', async () => {
  const { enc, sealed } = boxFor('edge1')
  const flipped = (data: Uint8Array) => base64(data.map((byte, at) => (at === 5 ? byte ^ 1 : byte)))
  const boxes = [
    { enc: flipped(enc), sealed: base64(sealed) },
    { enc: base64(enc), sealed: flipped(sealed) },
    { enc: base64(enc), sealed: base64(sealed.subarray(1)) },
    { enc: base64(enc.subarray(1)), sealed: base64(sealed) },
    { enc: base64(new Uint8Array(32)), sealed: base64(sealed) },
    { enc: '%', sealed: '%' },
  ]
  for (const box of boxes) expect(await keysOf('edge1').open(box)).toBeUndefined()
})
