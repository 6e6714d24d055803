import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

/** Most that the bundle may have, bytes: platforms load it before they answer. */
export const edgeBundleBytesMax = 400_000

/** Leaves out how zod says things in other languages than ours: half of what it weighs. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup({ onResolve, onLoad }) {
    const namespace = 'no-locales'
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ path }) => ({ path, namespace }))
    onLoad({ filter: /.*/, namespace }, () => ({ contents: 'export {}' }))
  },
}

async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(`../edge-proxy/src/${entry}`, import.meta.url))],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    logLevel: 'error',
    plugins: [oneLanguage],
  })
}

/** Bundles the edge gateway, minified, into `outfile`, and the cache service of bare workerd beside it. */
export async function buildEdge(outfile: string): Promise<{ readonly bytes: number }> {
  await bundle('cache/cache-service.ts', join(dirname(outfile), 'cache-service.js'))
  await bundle('worker.ts', outfile)
  return { bytes: (await stat(outfile)).size }
}
