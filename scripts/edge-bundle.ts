import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Most that the bundle may have, bytes: platforms load it before they answer. */
export const edgeBundleBytesMax = 400_000

/** Bundles the edge gateway, minified, into `outfile`. */
export async function buildEdge(outfile: string): Promise<{ readonly bytes: number }> {
  await build({
    entryPoints: [fileURLToPath(new URL('../edge-proxy/src/worker.ts', import.meta.url))],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    logLevel: 'error',
  })
  return { bytes: (await stat(outfile)).size }
}
