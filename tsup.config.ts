import { defineConfig } from 'tsup'

/**
 * What gets published: the SDK, the command line, the daemon with `startServer()`, and the conformance suite. In the repository everything runs from
 * source; declarations come from `tsc -b` (`.types`), since tsup's own do not work with TypeScript 7.
 */
const shared = {
  format: ['esm'] as ['esm'],
  target: 'es2023',
  platform: 'node' as const,
  sourcemap: true,
  clean: true,
  splitting: true,
  /** `node:sqlite` has no other name. */
  removeNodeProtocol: false,
  /** Our own packages go into the bundle; what npm installs stays outside. */
  noExternal: [/^@aistore-ts\//, /^aistore-conformance\//],
}

export default defineConfig([
  { ...shared, entry: { client: 'sdk/src/client.ts' }, outDir: 'dist/sdk' },
  { ...shared, entry: { main: 'cli/src/main.ts' }, outDir: 'dist/cli' },
  {
    ...shared,
    entry: {
      aisnode: 'node-daemon/src/aisnode.ts',
      'start-server': 'node-daemon/src/server/start-server.ts',
      'checkpoint-worker': 'runtime-adapters/src/node/checkpoint-worker.ts',
    },
    outDir: 'dist/node-daemon',
  },
  { ...shared, entry: { main: 'conformance/runner/main.ts' }, outDir: 'dist/conformance' },
])
