import { describe, expect, it } from 'vitest'
import { testCrypto } from '../s3/auth/testing/node-crypto.ts'
import { parseJson, stringifyJson } from '../wire/json.ts'
import { emdToJson, parseEmd } from './emd.ts'
import {
  noRevokedTokens,
  parseRevokedTokens,
  revokedTokensMax,
  revokedTokensToJson,
  tokenDigest,
  withRevoked,
} from './revoked-tokens.ts'

const token = (name: string, expiryMs: number) => ({
  digest: tokenDigest(testCrypto, name),
  expiryMs,
})
const one = withRevoked(noRevokedTokens, [token('one', 1_000)], 0) ?? noRevokedTokens

describe('revoked tokens', () => {
  it('travel and rest without loss, and without a token in them', () => {
    const text = stringifyJson(revokedTokensToJson(one))
    expect(parseRevokedTokens(parseJson(text))).toEqual(one)
    expect(text).not.toContain('one"')
    // SHA-256 of "one".
    expect([...one.expiryMs.keys()]).toEqual([
      '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed',
    ])
  })

  it('are forgotten once they have expired, when another one comes', () => {
    expect(one.version).toBe(1)
    const two = withRevoked(one, [token('two', 2_000)], 1_000)
    expect(two).toEqual({ version: 2, expiryMs: new Map([[token('two', 0).digest, 2_000]]) })
  })

  it('change nothing when there is nothing new', () => {
    expect(withRevoked(one, [token('one', 1_000)], 0)).toBeUndefined()
    expect(withRevoked(one, [token('late', 500)], 500)).toBeUndefined()
  })

  it('are not more than fit', () => {
    const many = Array.from({ length: revokedTokensMax }, (_, at) => token(`t${at}`, 1_000))
    const full = withRevoked(noRevokedTokens, many, 0)
    expect(full?.expiryMs.size).toBe(revokedTokensMax)
    expect(() => withRevoked(full ?? one, [token('more', 1_000)], 0)).toThrow('"tokens": no more')
    expect(withRevoked(full ?? one, [token('more', 2_000)], 1_000)?.expiryMs.size).toBe(1)
  })

  it('are refused with the name of the field that is wrong', () => {
    expect(() => parseRevokedTokens({ version: '1', tokens: { x: 1 } })).toThrow('tokens')
    expect(() => parseRevokedTokens({ version: -1, tokens: {} })).toThrow('version')
  })
})

it('the EMD travels and rests without loss, and in one order', () => {
  const text = '{"version":"4","etls":{"b":{"init_msg":{"name":"b"}},"a":{"init_msg":{}}}}'
  const emd = parseEmd(parseJson(text))
  expect([...emd.etls.keys()]).toEqual(['a', 'b'])
  expect(parseEmd(parseJson(stringifyJson(emdToJson(emd))))).toEqual(emd)
  expect(() => parseEmd({ version: '1', etls: { a: {} } })).toThrow('etls.a.init_msg')
})
