import { keyOf } from '../object/version-name.ts'
/** Providers whose buckets a cluster can hold. @see AIStore api/apc/provider.go */
export const providers = ['ais', 'aws', 'gcp', 'azure', 'oci'] as const

export type Provider = (typeof providers)[number]

/** `uuid`: remote AIS cluster, `name`: namespace; both empty is the global namespace. */
export interface Namespace {
  readonly uuid: string
  readonly name: string
}

/** Identity of a bucket: provider, namespace, name. */
export interface Bck {
  readonly name: string
  readonly provider: Provider
  readonly namespace: Namespace
}

export const globalNamespace: Namespace = { uuid: '', name: '' }

const aliases: Readonly<Record<string, Provider>> = { s3: 'aws', gs: 'gcp', az: 'azure', oc: 'oci' }

const schemes: Readonly<Record<Provider, string>> = {
  ais: 'ais',
  aws: 's3',
  gcp: 'gs',
  azure: 'az',
  oci: 'oc',
}

/** The canonical provider for a name or alias; empty means `ais`; `undefined` when there is none such. */
export function findProvider(text: string): Provider | undefined {
  if (text === '') return 'ais'
  if ((providers as readonly string[]).includes(text)) return text as Provider
  return Object.hasOwn(aliases, text) ? aliases[text] : undefined
}

/** `@uuid#name`, `@#` for the global namespace. */
export function namespaceUname(ns: Namespace): string {
  // With every data call: a text that is made anew is also hashed anew.
  if (ns.uuid === '' && ns.name === '') return '@#'
  return `@${ns.uuid}#${ns.name}`
}

/** Canonical unique name of a bucket, with its closing slash: `ais/@#/abc/`. */
export function bckUname(bck: Bck): string {
  return `${bck.provider}/${namespaceUname(bck.namespace)}/${bck.name}/`
}

/** Canonical unique name of an object: what HRW hashes. */
export function objectUname(bck: Bck, name: string): string {
  return bckUname(bck) + keyOf(name)
}

/** Display name without a trailing slash: `ais://abc`, `s3://b`, `ais://@uuid#ns/b`. */
export function bckCname(bck: Bck): string {
  const { uuid, name } = bck.namespace
  const ns =
    uuid === '' && name === ''
      ? ''
      : `${uuid === '' ? '' : `@${uuid}`}${name === '' ? '' : `#${name}`}/`
  return `${schemes[bck.provider]}://${ns}${bck.name}`
}

export function sameBck(a: Bck, b: Bck): boolean {
  return (
    a.name === b.name &&
    a.provider === b.provider &&
    a.namespace.uuid === b.namespace.uuid &&
    a.namespace.name === b.namespace.name
  )
}

/** Of the global `ais://` namespace: what a bare name means. */
export function isDefaultBck({ provider, namespace }: Bck): boolean {
  return provider === 'ais' && namespace.uuid === '' && namespace.name === ''
}
