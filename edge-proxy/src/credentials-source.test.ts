import { utf8Encode } from '@aistore-ts/core/algorithms/utf8.ts'
import { emptyBmd } from '@aistore-ts/core/bucket/bmd.ts'
import { noCredentials } from '@aistore-ts/core/cluster/credentials.ts'
import { edgeCredentialsRefreshMs, edgeMapAgeMaxMs } from '@aistore-ts/core/config/edge-limits.ts'
import {
  type EdgeCredentials,
  edgeCredentialsText,
} from '@aistore-ts/core/edge/edge-credentials.ts'
import type { EdgeMap } from '@aistore-ts/core/edge/edge-map.ts'
import { edgeCredentialsPurpose } from '@aistore-ts/core/edge/sealed-text.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer } from '@aistore-ts/core/ports/call.ts'
import { beforeEach, expect, it } from 'vitest'
import { type CredentialsSource, createCredentialsSource } from './credentials-source.ts'

const clock = { ms: 0, monotonic: () => clock.ms }
const map: EdgeMap = {
  ...{ clusterUuid: 'cluster', edgeId: 'edge1', access: 'rw', smapVersion: 1, bmdVersion: 1 },
  ...{ issuedAtMs: 0, notAfterMs: 0, targets: [], buckets: new Map() },
  gateways: ['http://127.0.0.1:1', 'http://127.0.0.1:2'],
}

interface Given {
  readonly document: EdgeCredentials
  readonly signature: string
}

/** What each gateway gives; `undefined`: it is away. */
let given: (Given | undefined)[]
let asked: number
let source: CredentialsSource

function document(changes: Partial<EdgeCredentials> = {}): Given {
  const issuedAtMs = 1_000_000 + clock.ms
  const whole = {
    ...{ clusterUuid: 'cluster', edgeId: 'edge1', issuedAtMs, notAfterMs: issuedAtMs + 60_000 },
    auth: { client_auth_required: false },
    credentials: { ...noCredentials, version: 7 },
    dateKeys: new Map(),
    bmd: { ...emptyBmd(), version: 7 },
    ...changes,
  }
  return { document: whole, signature: 'root' }
}

function answer(json: object): Answer {
  const bytes = utf8Encode(JSON.stringify(json))
  const headers = { get: () => undefined, all: () => [], lines: () => [] }
  const body = {
    lengthBytes: bytes.length,
    consume: async () => undefined,
    async *[Symbol.asyncIterator]() {},
  }
  return { status: 200, headers, body, bytes: async () => bytes, discard() {} }
}

beforeEach(() => {
  clock.ms = 0
  asked = 0
  given = [document(), undefined]
  source = createCredentialsSource({
    edgeId: 'edge1',
    clock,
    nowMs: () => 1_000_000 + clock.ms,
    keys: {
      isVouched: async ({ signature }, purpose) =>
        signature === 'root' && purpose === edgeCredentialsPurpose,
      open: async ({ enc, sealed }) => (enc === 'mine' ? utf8Encode(sealed) : undefined),
    },
    call: async (origin) => {
      asked++
      const one = given[map.gateways.indexOf(origin)]
      if (one === undefined) throw new AisError('ErrUnreachable', 'away')
      const { signature } = one
      const text = edgeCredentialsText(one.document)
      return answer({ enc: 'mine', sealed: JSON.stringify({ text, signature }) })
    },
  })
})

/** Once the next look at the gateways is due. */
async function later() {
  clock.ms += edgeCredentialsRefreshMs + 1
  return source.current(map)
}

it('is asked for once in a while, and told as it was written', async () => {
  expect((await source.current(map))?.credentials.version).toBe(7)
  expect((await source.current(map))?.bmd.version).toBe(7)
  expect(asked).toBe(1)
  given = [document({ credentials: { ...noCredentials, version: 8 } })]
  expect((await later())?.credentials.version).toBe(8)
  expect(asked).toBe(2)
})

it('comes from the next gateway when one is away or gives what is none', async () => {
  for (const first of [undefined, { ...document(), signature: 'forged' }]) {
    given = [first, document()]
    expect((await later())?.edgeId).toBe('edge1')
  }
})

it.each<[string, () => Given]>([
  ['nobody vouches for it', () => ({ ...document(), signature: 'forged' })],
  ['it is for another edge', () => document({ edgeId: 'edge2' })],
  ['it is of another cluster', () => document({ clusterUuid: 'other' })],
  ['its users are older', () => document({ credentials: { ...noCredentials, version: 6 } })],
  ['its buckets are older', () => document({ bmd: { ...emptyBmd(), version: 6 } })],
  ['it was made before', () => document({ issuedAtMs: 999_999 })],
])('the one in use stays when %s', async (_why, make) => {
  await source.current(map)
  given = [make()]
  const { issuedAtMs, credentials } = (await later()) ?? document().document
  expect([issuedAtMs, credentials.version]).toEqual([1_000_000, 7])
})

it('is good for nobody once it is as old as a map may become', async () => {
  await source.current(map)
  given = []
  expect(await later()).toBeDefined()
  clock.ms = edgeMapAgeMaxMs + 1
  expect(await source.current(map)).toBeUndefined()
})
