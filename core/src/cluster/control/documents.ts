import { z } from 'zod'
import { type Bmd, bmdToJson, emptyBmd, parseBmd } from '../../bucket/bmd.ts'
import {
  type ClusterConfig,
  configToJson,
  parseClusterConfig,
} from '../../config/cluster-config.ts'
import { AisError } from '../../errors/ais-error.ts'
import {
  type Credentials,
  credentialsToJson,
  noCredentials,
  parseCredentials,
} from '../credentials.ts'
import { type Emd, emdToJson, emptyEmd, parseEmd } from '../emd.ts'
import {
  noRevokedTokens,
  parseRevokedTokens,
  type RevokedTokens,
  revokedTokensToJson,
} from '../revoked-tokens.ts'
import { emptyRmd, parseRmd, type Rmd, rmdToJson } from '../rmd.ts'
import { emptySmap, parseSmap, type Smap, smapToJson } from '../smap.ts'

/** The replicated documents, each immutable and versioned by itself. */
export interface Documents {
  readonly smap: Smap
  readonly bmd: Bmd
  readonly config: ClusterConfig
  readonly rmd: Rmd
  readonly credentials: Credentials
  readonly emd: Emd
  readonly revoked: RevokedTokens
}

export type DocumentName = keyof Documents

interface Kind<D> {
  /** @throws AisError `ErrBadRequest` naming the field */
  readonly parse: (json: unknown) => D
  readonly toJson: (document: D) => Record<string, unknown>
  readonly version: (document: D) => number
  /** What a state of an older program, which did not know this document, is taken to hold. */
  readonly absent?: D
}

/** How each document travels and rests. */
const kinds: { readonly [N in DocumentName]: Kind<Documents[N]> } = {
  smap: { parse: parseSmap, toJson: smapToJson, version: ({ version }) => version },
  bmd: { parse: parseBmd, toJson: bmdToJson, version: ({ version }) => version },
  config: {
    parse: parseClusterConfig,
    toJson: configToJson,
    version: ({ config_version }) => config_version,
  },
  rmd: { parse: parseRmd, toJson: (rmd) => rmdToJson(rmd, ''), version: ({ version }) => version },
  credentials: {
    parse: parseCredentials,
    toJson: credentialsToJson,
    version: ({ version }) => version,
    absent: noCredentials,
  },
  emd: { parse: parseEmd, toJson: emdToJson, version: ({ version }) => version, absent: emptyEmd },
  revoked: {
    parse: parseRevokedTokens,
    toJson: revokedTokensToJson,
    version: ({ version }) => version,
    absent: noRevokedTokens,
  },
}

/** In the order in which they are written. */
export const documentNames: readonly DocumentName[] = [
  'smap',
  'bmd',
  'config',
  'rmd',
  'credentials',
  'emd',
  'revoked',
]

/** What a node that never was in a cluster goes by: nothing, and its own configuration. */
export function blankDocuments(config: ClusterConfig): Documents {
  return {
    smap: emptySmap(),
    bmd: emptyBmd(),
    config,
    rmd: emptyRmd(),
    credentials: noCredentials,
    emd: emptyEmd,
    revoked: noRevokedTokens,
  }
}

type Changes = { -readonly [N in DocumentName]?: Documents[N] }

/** Calls back for every document there is in `documents`. */
function forEachDocument(
  documents: Partial<Documents>,
  then: <N extends DocumentName>(name: N, document: Documents[N]) => void,
): void {
  for (const name of documentNames) {
    const document = documents[name]
    if (document !== undefined) then(name, document as never)
  }
}

/** The documents of a state, and nothing else of it. */
export function onlyDocuments(documents: Documents, without?: DocumentName): Partial<Documents> {
  const only: Changes = {}
  forEachDocument(documents, (name, document) => {
    if (name !== without) only[name] = document
  })
  return only
}

/** The documents in which `next` differs from `before`. Documents are immutable: another object is another content. */
export function changedDocuments(before: Documents, next: Documents): Partial<Documents> {
  const changed: Changes = {}
  forEachDocument(next, (name, document) => {
    if (before[name] !== document) changed[name] = document
  })
  return changed
}

/** Their versions, by name. */
export function documentVersions(
  documents: Partial<Documents>,
): Readonly<Partial<Record<DocumentName, number>>> {
  const versions: Partial<Record<DocumentName, number>> = {}
  forEachDocument(documents, (name, document) => {
    versions[name] = kinds[name].version(document)
  })
  return versions
}

/** Wire shape of those documents that are there. */
export function documentsToJson(documents: Partial<Documents>): Record<string, unknown> {
  const json: Record<string, unknown> = {}
  forEachDocument(documents, (name, document) => {
    json[name] = kinds[name].toJson(document)
  })
  return json
}

export const documentsSchema = z.object({
  smap: z.unknown().optional(),
  bmd: z.unknown().optional(),
  config: z.unknown().optional(),
  rmd: z.unknown().optional(),
  credentials: z.unknown().optional(),
  emd: z.unknown().optional(),
  revoked: z.unknown().optional(),
})

/** @throws AisError `ErrBadRequest` naming the field */
export function parseDocuments(raw: z.infer<typeof documentsSchema>): Partial<Documents> {
  const documents: Changes = {}
  function parse<N extends DocumentName>(name: N): void {
    if (raw[name] !== undefined) documents[name] = kinds[name].parse(raw[name])
  }
  for (const name of documentNames) parse(name)
  return documents
}

/**
 * All or nothing; only what older programs did not know may be missing.
 * @throws AisError `ErrBadRequest` naming what is missing
 */
export function wholeDocuments(documents: Partial<Documents>): Documents {
  const { smap, bmd, config, rmd } = documents
  if (smap === undefined || bmd === undefined || config === undefined || rmd === undefined) {
    const missing = documentNames.filter(
      (name) => documents[name] === undefined && kinds[name].absent === undefined,
    )
    const named = missing.map((name) => `"${name}"`).join(', ')
    throw new AisError('ErrBadRequest', `invalid cluster state: ${named} missing`)
  }
  const { credentials = noCredentials, emd = emptyEmd, revoked = noRevokedTokens } = documents
  return { smap, bmd, config, rmd, credentials, emd, revoked }
}
