import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toBase64Url } from '../algorithms/base64.ts'
import { isTagOf, tagText } from './redirect-tag.ts'

describe('the tag of a redirect', () => {
  const digests = fc.uint8Array({ minLength: 32, maxLength: 32 })

  it('is half of the digest in URL-safe base64', () => {
    fc.assert(
      fc.property(digests, (digest) => {
        const tag = tagText(digest)
        expect(tag).toBe(toBase64Url(digest.subarray(0, 16)).replace(/=+$/, ''))
        expect(isTagOf(digest, tag)).toBe(true)
      }),
    )
  })

  it('is no other text', () => {
    fc.assert(
      fc.property(
        digests,
        fc.nat(21),
        fc.string({ minLength: 1, maxLength: 1 }),
        (digest, at, by) => {
          const tag = tagText(digest)
          const other = tag.slice(0, at) + by + tag.slice(at + 1)
          expect(isTagOf(digest, other)).toBe(other === tag)
          expect(isTagOf(digest, tag.slice(0, at))).toBe(false)
          expect(isTagOf(digest, tag + by)).toBe(false)
        },
      ),
    )
  })
})
