import { fromBase64, toBase64 } from '../algorithms/base64.ts'
import { type Bmd, bmdToJson, parseBmd } from '../bucket/bmd.ts'
import { type Credentials, credentialsToJson, parseCredentials } from '../cluster/credentials.ts'
import { isAisError } from '../errors/ais-error.ts'
import { isJsonObject, type JsonValue, parseJson, stringifyJson } from '../wire/json.ts'

/** By access key and day (`yyyymmdd`): what SigV4's chain begins with. */
export type DateKeys = ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>

/** What an edge gateway knows of who may do what in S3. No secret key is in it. */
export interface EdgeCredentials {
  readonly clusterUuid: string
  /** Whom it was made for. */
  readonly edgeId: string
  /** Cluster time, ms since the Unix epoch. */
  readonly issuedAtMs: number
  readonly notAfterMs: number
  readonly auth: { readonly client_auth_required: boolean }
  /** All users; of the access keys those that may be used. */
  readonly credentials: Credentials
  readonly dateKeys: DateKeys
  /** The buckets that the edge may vouch for, with their owners, ACLs and policies. */
  readonly bmd: Bmd
}

function dateKeysOf(value: JsonValue | undefined): DateKeys | undefined {
  if (!isJsonObject(value)) return undefined
  const all = new Map<string, ReadonlyMap<string, Uint8Array>>()
  for (const [id, days] of Object.entries(value)) {
    if (!isJsonObject(days)) return undefined
    const keys = new Map<string, Uint8Array>()
    for (const [day, text] of Object.entries(days)) {
      const key = typeof text === 'string' ? fromBase64(text) : undefined
      if (key === undefined) return undefined
      keys.set(day, key)
    }
    all.set(id, keys)
  }
  return all
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isCount = (value: unknown): value is number => Number.isSafeInteger(value)

/** What `edgeCredentialsText` wrote; `undefined` for anything else. */
export function parseEdgeCredentials(text: string): EdgeCredentials | undefined {
  try {
    const json = parseJson(text)
    if (!isJsonObject(json)) return undefined
    const { clusterUuid, edgeId, issuedAtMs, notAfterMs, clientAuth } = json
    const dateKeys = dateKeysOf(json.dateKeys)
    if (!isText(clusterUuid) || !isText(edgeId) || dateKeys === undefined) return undefined
    if (!isCount(issuedAtMs) || !isCount(notAfterMs) || typeof clientAuth !== 'boolean')
      return undefined
    return {
      ...{ clusterUuid, edgeId, issuedAtMs, notAfterMs, dateKeys },
      auth: { client_auth_required: clientAuth },
      credentials: parseCredentials(json.credentials),
      bmd: parseBmd(json.bmd),
    }
  } catch (error) {
    if (isAisError(error)) return undefined
    throw error
  }
}

/** The text that is signed, then sealed. */
export function edgeCredentialsText(document: EdgeCredentials): string {
  const { clusterUuid, edgeId, issuedAtMs, notAfterMs, auth, credentials, bmd } = document
  const days = (keys: ReadonlyMap<string, Uint8Array>) =>
    new Map([...keys].map(([day, key]) => [day, toBase64(key)]))
  return stringifyJson({
    ...{ clusterUuid, edgeId, issuedAtMs, notAfterMs },
    clientAuth: auth.client_auth_required,
    credentials: credentialsToJson(credentials),
    dateKeys: new Map([...document.dateKeys].map(([id, keys]) => [id, days(keys)])),
    bmd: bmdToJson(bmd),
  })
}
