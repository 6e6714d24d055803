import { globalNamespace } from '@aistore-ts/core/bucket/bck.ts'
import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { BucketRef } from '@aistore-ts/core/ports/mountpath.ts'
import { parseNamespaceFolder, parseProviderFolder } from './bucket-folder.ts'
import { loadBucketId } from './bucket-id.ts'

/** The buckets whose folders on this disk tell their ID: for when the catalog does not. */
export async function findBuckets(files: FileSystem, path: string): Promise<readonly BucketRef[]> {
  const found: BucketRef[] = []
  const directories = async (folder: string): Promise<readonly string[]> =>
    (await files.readDirectory(folder))
      .filter(({ kind }) => kind === 'directory')
      .map(({ name }) => name)

  const look = async (folder: string, name: string, bck: Omit<BucketRef['bck'], 'name'>) => {
    const bid = await loadBucketId(files, `${folder}/${name}`)
    if (bid !== undefined) found.push({ bck: { ...bck, name }, bid })
  }

  for (const entry of await directories(path)) {
    const provider = parseProviderFolder(entry)
    if (provider === undefined) continue
    for (const name of await directories(`${path}/${entry}`)) {
      const namespace = parseNamespaceFolder(name)
      if (namespace === undefined) {
        await look(`${path}/${entry}`, name, { provider, namespace: globalNamespace })
        continue
      }
      const folder = `${path}/${entry}/${name}`
      for (const inner of await directories(folder))
        await look(folder, inner, { provider, namespace })
    }
  }
  return found
}
