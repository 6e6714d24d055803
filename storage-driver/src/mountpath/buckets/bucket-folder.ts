import type { Bck, Provider } from '@aistore-ts/core/bucket/bck.ts'
import { providers } from '@aistore-ts/core/bucket/bck.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import { componentBytesMax } from '../objects/object-name.ts'

/** Bodies being written. */
export const workFolder = '%wk'

/** Parts of multipart uploads and of the objects made of them. */
export const chunkFolder = '%ch'

/** File in a bucket's folder that tells its bucket ID when the catalog is lost. */
export const bucketIdFile = '%id'

/** Everything of ours that is not a bucket: identity, lock, catalog, trash. */
export const systemFolder = '.ais'

/** Folder of `bck` below its mountpath. @throws AisError `ErrBadRequest` when the name cannot be a folder's */
export function bucketFolder(bck: Bck): string {
  const { uuid, name: ns } = bck.namespace
  check('bucket name', bck.name, /^[^@#/\0][^/\0]*$/)
  if (uuid !== '') check('namespace uuid', uuid, /^[^#/\0]+$/)
  if (ns !== '') check('namespace name', ns, /^[^/\0]+$/)
  const folder = `${uuid === '' ? '' : `@${uuid}`}${ns === '' ? '' : `#${ns}`}`
  return `@${bck.provider}/${folder === '' ? '' : `${folder}/`}${bck.name}`
}

function check(field: string, text: string, allowed: RegExp): void {
  const bytes = new TextEncoder().encode(text).length
  // Two more for the `@` and `#` of a namespace folder.
  if (!allowed.test(text) || text === '.' || text === '..' || bytes > componentBytesMax - 2) {
    throw new AisError('ErrBadRequest', `${field} ${JSON.stringify(text)} is invalid`)
  }
}

/** The provider of a folder directly below a mountpath, if it is one. */
export function parseProviderFolder(folder: string): Provider | undefined {
  return providers.find((provider) => folder === `@${provider}`)
}

/** The namespace of a folder below a provider's; `undefined` when the folder is a bucket. */
export function parseNamespaceFolder(folder: string): Bck['namespace'] | undefined {
  const match = /^(?=.)(?:@([^#]+))?(?:#(.+))?$/.exec(folder)
  return match === null ? undefined : { uuid: match[1] ?? '', name: match[2] ?? '' }
}
