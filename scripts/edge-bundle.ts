import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Metafile, type Plugin } from 'esbuild'

/** Most that the bundle may have, bytes: platforms load it before they answer. */
export const edgeBundleBytesMax = 400_000

/** Most of it that may run at once, bytes: before the first answer everybody waits for it. */
export const edgeEagerBytesMax = 60_000

export interface EdgeBundle {
  readonly bytes: number
  readonly eagerBytes: number
}

/** Leaves out how zod says things in other languages than ours: half of what it weighs. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup({ onResolve, onLoad }) {
    const namespace = 'no-locales'
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ path }) => ({ path, namespace }))
    onLoad({ filter: /.*/, namespace }, () => ({ contents: 'export {}' }))
  },
}

/** Has zod named as a namespace, of which only what is used is taken along: a quarter of the bundle. */
const usedOfZod: Plugin = {
  name: 'used-of-zod',
  setup({ onLoad }) {
    onLoad({ filter: /core\/src\/.*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      return {
        contents: text.replace("import { z } from 'zod'", "import * as z from 'zod'"),
        loader: 'ts',
      }
    })
  },
}

/** Bytes of what runs when the bundle is loaded: the rest is begun by the first call that needs it. */
function eagerBytesOf({ inputs, outputs }: Metafile): number {
  const [output] = Object.values(outputs)
  const eager = new Set<string>()
  const found = [output?.entryPoint ?? '']
  for (const path of found) {
    if (eager.has(path)) continue
    eager.add(path)
    for (const { path: next, kind } of inputs[path]?.imports ?? []) {
      if (kind !== 'dynamic-import') found.push(next)
    }
  }
  return [...eager].reduce((sum, path) => sum + (output?.inputs[path]?.bytesInOutput ?? 0), 0)
}

async function bundle(entry: string, outfile: string): Promise<Metafile> {
  const { metafile } = await build({
    metafile: true,
    entryPoints: [fileURLToPath(new URL(`../edge-proxy/src/${entry}`, import.meta.url))],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    logLevel: 'error',
    plugins: [oneLanguage, usedOfZod],
  })
  return metafile
}

/** Bundles the edge gateway, minified, into `outfile`, and the cache service of bare workerd beside it. */
export async function buildEdge(outfile: string): Promise<EdgeBundle> {
  await bundle('cache/cache-service.ts', join(dirname(outfile), 'cache-service.js'))
  const metafile = await bundle('worker.ts', outfile)
  return { bytes: (await stat(outfile)).size, eagerBytes: eagerBytesOf(metafile) }
}
