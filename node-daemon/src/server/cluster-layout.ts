import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LocalConfig } from '@aistore-ts/core/config/local-config.ts'
import { parseLocalConfig } from '@aistore-ts/core/config/local-config.ts'
import { z } from 'zod'

/** How many of each a data folder was made for. */
export interface ClusterShape {
  readonly proxies: number
  readonly targets: number
  readonly mountpaths: number
}

const shapeSchema = z.object({
  proxies: z.int().positive(),
  targets: z.int().positive(),
  mountpaths: z.int().positive(),
})

const shapeFile = 'cluster.json'

/** The folder was made for another number of targets or mountpaths; `message` says it in a sentence. */
export class ShapeMismatch extends Error {
  override readonly name = 'ShapeMismatch'
}

async function readShape(dir: string): Promise<ClusterShape | undefined> {
  let text: string
  try {
    text = await readFile(join(dir, shapeFile), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  return shapeSchema.parse(JSON.parse(text))
}

/**
 * Settles on the shape of the cluster in `dir`, changing nothing. What was not asked for is taken from the folder; targets and mountpaths
 * of existing data cannot change, since objects would be looked for in other places.
 * @throws ShapeMismatch
 */
export async function settleShape(
  dir: string,
  asked: Partial<ClusterShape>,
  defaults: ClusterShape,
): Promise<ClusterShape> {
  const kept = await readShape(dir)
  const shape = { ...defaults, ...kept, ...asked }
  for (const what of ['targets', 'mountpaths'] as const) {
    if (kept !== undefined && kept[what] !== shape[what]) {
      throw new ShapeMismatch(
        `The data in ${dir} was made with ${kept[what]} ${what}, and you ask for ${shape[what]}: ` +
          `objects cannot move yet. Start without --${what}, or choose another folder with --data.`,
      )
    }
  }
  return shape
}

/** Keeps the shape with the data: from now on the folder belongs to such a cluster. */
export async function keepShape(dir: string, shape: ClusterShape): Promise<void> {
  const draft = join(dir, `${shapeFile}.new`)
  await writeFile(draft, `${JSON.stringify(shape, undefined, 2)}\n`)
  await rename(draft, join(dir, shapeFile))
}

/** Folders and addresses of one node below the cluster's folder. Paths are made anew at each start, so it can move. */
export function nodeLocalConfig(
  dir: string,
  role: 'proxy' | 'target',
  index: number,
  options: { readonly port: number; readonly mountpaths: number },
): LocalConfig {
  const home = join(dir, `${role}-${index + 1}`)
  const paths =
    role === 'proxy'
      ? []
      : Array.from({ length: options.mountpaths }, (_, i) => join(home, `mp${i + 1}`))
  return parseLocalConfig({
    confdir: join(home, 'conf'),
    log_dir: join(home, 'log'),
    fspaths: Object.fromEntries(paths.map((path) => [path, ''])),
    host_net: { hostname: '127.0.0.1', port: options.port },
  })
}

/** Makes a node's folders. */
export async function makeFolders(local: LocalConfig): Promise<void> {
  for (const path of [local.confdir, local.log_dir, ...Object.keys(local.fspaths)]) {
    await mkdir(path, { recursive: true })
  }
}
