import { describe, expect, it } from 'vitest'
import { globalNamespace } from '../bucket/bck.ts'
import { defaultClusterConfig } from '../config/cluster-config.ts'
import { testCrypto } from '../s3/auth/testing/node-crypto.ts'
import { parseJson, stringifyJson } from '../wire/json.ts'
import { blankState, parseState, stateToJson } from './control/cluster-state.ts'
import { changedDocuments, documentsToJson } from './control/documents.ts'
import { mapOf, stateOf } from './control/testing/states.ts'
import {
  type AccessKey,
  credentialsToJson,
  noCredentials,
  parseCredentials,
  type User,
  usableKey,
} from './credentials.ts'
import { withKey, withKeyState, withoutKey, withoutUser, withUser } from './credentials-changes.ts'
import { createKeyRing } from './key-ring.ts'
import { claimsOn, ownDataAccess, permissionsSchema, permissionsToJson } from './permissions.ts'

const ann: User = {
  id: 'ann',
  canonicalId: 'c'.repeat(64),
  displayName: 'Ann',
  email: 'ann@example.org',
  createdMs: 1,
  permissions: {
    admin: false,
    clusters: [{ id: '', perm: 2n ** 64n - 1n }],
    buckets: [{ clusterId: 'cluster', provider: 'ais', name: 'b', perm: 3n }],
  },
}
const key: AccessKey = {
  id: 'AISKEY',
  user: 'ann',
  createdMs: 2,
  expiresMs: 100,
  disabled: false,
  sealed: { by: 'kek', box: 'AAAA' },
}
const withAnn = withKey(withUser(noCredentials, ann), key)

describe('the document', () => {
  it('travels and rests without loss, 64 bits and all', () => {
    const text = stringifyJson(credentialsToJson(withAnn))
    expect(parseCredentials(parseJson(text))).toEqual(withAnn)
  })

  it('is part of a state; a state of an older program has none', () => {
    const state = { ...stateOf(1, 1, mapOf('p1 t1')), credentials: withAnn }
    const json = parseJson(stringifyJson(stateToJson(state)))
    expect(parseState(json).credentials).toEqual(withAnn)
    const { credentials: _, ...older } = stateToJson(state)
    expect(parseState(parseJson(stringifyJson(older))).credentials).toBe(noCredentials)
  })

  it('is sent when it changed, and only then', () => {
    const before = blankState(defaultClusterConfig())
    expect(changedDocuments(before, { ...before, credentials: withAnn })).toEqual({
      credentials: withAnn,
    })
    expect(documentsToJson({ rmd: before.rmd })).not.toHaveProperty('credentials')
  })
})

describe('changes', () => {
  it('raise the version by one each', () => {
    expect(withAnn.version).toBe(2)
    expect(withKeyState(withAnn, 'AISKEY', true)?.version).toBe(3)
    expect(withKeyState(withAnn, 'AISKEY', false)).toBeUndefined()
    expect(withoutKey(withAnn, 'AISKEY').keys.size).toBe(0)
  })

  it('take the keys of a user along', () => {
    const { users, keys } = withoutUser(withAnn, 'ann')
    expect([users.size, keys.size]).toEqual([0, 0])
  })

  it.each([
    ['a user there is', () => withUser(withAnn, ann), /"ann" already exists/],
    ['a user without a name', () => withUser(withAnn, { ...ann, id: '' }), /"id"/],
    ['a user with a name of many words', () => withUser(withAnn, { ...ann, id: 'a b' }), /"id"/],
    ['a key there is', () => withKey(withAnn, key), /"AISKEY" already exists/],
    [
      'a key of nobody',
      () => withKey(withAnn, { ...key, id: 'K2', user: 'bob' }),
      /"bob" does not exist/,
    ],
    ['a key that is not there', () => withoutKey(withAnn, 'K2'), /"K2" does not exist/],
    ['the state of one', () => withKeyState(withAnn, 'K2', true), /"K2" does not exist/],
    ['a user that is not there', () => withoutUser(withAnn, 'bob'), /"bob" does not exist/],
  ])('refuse %s', (_, change, message) => {
    expect(change).toThrow(message)
  })

  it('say which keys may be used now', () => {
    const usable = (credentials = withAnn, nowMs = 99) => usableKey(credentials, 'AISKEY', nowMs)
    expect(usable()).toBe(key)
    expect(usable(withAnn, 100)).toBeUndefined()
    expect(usable(withKeyState(withAnn, 'AISKEY', true))).toBeUndefined()
    expect(usable({ ...withAnn, users: new Map() })).toBeUndefined()
  })
})

describe('permissions', () => {
  const bck = (name: string) => ({ name, provider: 'ais' as const, namespace: globalNamespace })

  it('of a bucket decide alone about its objects, both ways', () => {
    const { permissions } = ann
    expect(claimsOn(permissions, 'cluster', 'GET', bck('b'))).toBe('allow')
    expect(claimsOn(permissions, 'cluster', 'PUT', bck('b'))).toBe('deny')
    expect(claimsOn(permissions, 'cluster', 'PUT', bck('other'))).toBe('allow')
    expect(claimsOn(permissions, 'another', 'PUT', bck('b'))).toBe('allow')
    expect(claimsOn(permissions, 'cluster', 'DESTROY-BUCKET', bck('b'))).toBe('allow')
  })

  it("of the cluster's own entry go before those for every cluster", () => {
    const clusters = [
      { id: '', perm: 2n ** 64n - 1n },
      { id: 'cluster', perm: 1n },
    ]
    expect(claimsOn({ admin: false, clusters, buckets: [] }, 'cluster', 'PUT')).toBe('nothing')
    expect(claimsOn({ admin: true, clusters: [], buckets: [] }, 'cluster', 'PUT')).toBe('all')
    expect(claimsOn(ownDataAccess(), 'cluster', 'CREATE-BUCKET')).toBe('allow')
    expect(claimsOn(ownDataAccess(), 'cluster', 'GET', bck('b'))).toBe('nothing')
    expect(claimsOn(ownDataAccess(), 'cluster', 'ADMIN')).toBe('nothing')
  })

  it('have the shape of the claims of a token', () => {
    expect(permissionsSchema.parse(permissionsToJson(ann.permissions))).toEqual(ann.permissions)
    expect(permissionsToJson(ann.permissions)).toMatchObject({
      clusters: [{ id: '', perm: '18446744073709551615' }],
      buckets: [{ bck: { name: 'b', provider: 'ais', namespace: { uuid: 'cluster' } }, perm: '3' }],
    })
  })
})

describe('a key ring', () => {
  const scope = { date: '20261123', region: 'r', text: '20261123/r/s3/aws4_request' }
  const ring = (sealingKey: Uint8Array | undefined, uuid = 'cluster', credentials = withAnn) =>
    createKeyRing({
      crypto: testCrypto,
      random: { bytes: (length) => new Uint8Array(length).fill(9) },
      metadata: { smap: () => ({ ...mapOf('p1'), uuid }), credentials: () => credentials },
      nowMs: () => 50,
      sealingKey,
    })
  const kek = new Uint8Array(32).fill(1)
  const sealed = { ...key, sealed: ring(kek).seal('AISKEY', 'open sesame') }

  it('opens what it sealed, as the key of a signature', () => {
    expect(ring(kek).find('AISKEY')).toBe(key)
    const own = ring(kek).signingKeys.find(sealed, scope)
    expect(own).toHaveLength(32)
    expect(own).toEqual(ring(kek).signingKeys.find({ ...sealed, createdMs: 9 }, scope))
  })

  it('opens nothing for another cluster, another key ID, or with another key', () => {
    expect(ring(kek, 'another').signingKeys.find(sealed, scope)).toBeUndefined()
    expect(ring(kek).signingKeys.find({ ...sealed, id: 'AISKEZ' }, scope)).toBeUndefined()
    const other = ring(new Uint8Array(32).fill(2))
    expect(() => other.signingKeys.find(sealed, scope)).toThrow(/lacks the key-encryption key/)
    expect(() => ring(undefined).seal('K', 's')).toThrow(/AIS_CREDENTIALS_KEY/)
  })

  it('holds no secret in what it hands out', () => {
    expect(JSON.stringify([sealed, ring(kek)])).not.toContain('sesame')
  })
})
