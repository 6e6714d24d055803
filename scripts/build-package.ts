// Puts the package together that npm publishes, in `dist/package`, and packs it: `npm run pack`.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const repository = fileURLToPath(new URL('..', import.meta.url))

/** Each file of the package, and the source that it is made of. */
const entries: Readonly<Record<string, string>> = {
  'aistore-ts': 'node-daemon/src/launcher/main.ts',
  aisnode: 'node-daemon/src/aisnode.ts',
  'checkpoint-worker': 'runtime-adapters/src/node/checkpoint-worker.ts',
  testing: 'node-daemon/src/test-server/test-server.ts',
  'testing-vitest': 'node-daemon/src/test-server/vitest-fixture.ts',
  ais: 'cli/src/main.ts',
  client: 'sdk/src/client.ts',
}

/** Each command, the script of the repository that it is like, and what that one loads. */
const commands: readonly (readonly [name: string, script: string, source: string])[] = [
  ['aistore-ts', 'node-daemon/bin/aisnode.mjs', '../src/aisnode.ts'],
  ['aisnode', 'node-daemon/bin/aisnode.mjs', '../src/aisnode.ts'],
  ['ais', 'cli/bin/ais.mjs', '../src/main.ts'],
]

const types: Readonly<Record<string, string>> = {
  testing: '.types/node-daemon/test-server/test-server.d.ts',
  'testing-vitest': '.types/node-daemon/test-server/vitest-fixture.d.ts',
}

async function bundle(folder: string): Promise<void> {
  await build({
    entryPoints: Object.fromEntries(
      Object.entries(entries).map(([name, path]) => [name, join(repository, path)]),
    ),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2023',
    platform: 'node',
    external: ['bun:*', '@oven/*', 'node-linux-*'],
    // CommonJS inside of the bundle asks for built-in modules.
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module'\nconst require = createRequireOfBundle(import.meta.url)",
    },
    logLevel: 'error',
  })
}

async function describe(): Promise<string> {
  const source = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'))
  const runtimes = Object.entries(source.optionalDependencies).filter(([name]) =>
    /^(node-linux|@oven\/bun)/.test(name),
  )
  const { name, version, description, license, engines } = source
  return JSON.stringify(
    {
      ...{ name, version, description, license, engines, type: 'module' },
      bin: Object.fromEntries(commands.map(([command]) => [command, `bin/${command}.mjs`])),
      exports: {
        './testing': { types: './dist/testing.d.ts', default: './dist/testing.js' },
        './testing/vitest': {
          types: './dist/testing-vitest.d.ts',
          default: './dist/testing-vitest.js',
        },
        './client': './dist/client.js',
      },
      optionalDependencies: Object.fromEntries(runtimes),
    },
    undefined,
    2,
  )
}

/** Puts the package together. It depends on nothing but runtimes. @returns its folder */
export async function buildPackage(): Promise<string> {
  const folder = join(repository, 'dist/package')
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'bin'), { recursive: true })
  await bundle(join(folder, 'dist'))
  for (const [name, path] of Object.entries(types)) {
    const text = await readFile(join(repository, path), 'utf8')
    await writeFile(
      join(folder, `dist/${name}.d.ts`),
      text.replaceAll('./test-server.ts', './testing.js').replace(/\n\/\/# sourceMapping.*/, ''),
    )
  }
  for (const [name, path, source] of commands) {
    const text = await readFile(join(repository, path), 'utf8')
    const script = text
      .replace(source, `../dist/${name}.js`)
      .replace(/\n\/\/ The sources are TypeScript.*/, '')
    await writeFile(join(folder, `bin/${name}.mjs`), script, { mode: 0o755 })
  }
  await writeFile(join(folder, 'package.json'), await describe())
  for (const name of ['README.md', 'LICENSE']) await cp(join(repository, name), join(folder, name))
  return folder
}

if (import.meta.main) process.stdout.write(`${await buildPackage()}\n`)
