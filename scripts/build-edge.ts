// Bundles the edge gateway for platforms that run one module: `dist/edge/worker.js`.
import { fileURLToPath } from 'node:url'
import { buildEdge } from './edge-bundle.ts'

const outfile = fileURLToPath(new URL('../dist/edge/worker.js', import.meta.url))
const { bytes } = await buildEdge(outfile)
process.stdout.write(`${outfile}: ${bytes} bytes\n`)
