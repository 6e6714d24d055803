// Who may import whom: the table of docs/architecture.md, held against every import in the sources. And what lint
// cannot say: `core` and `storage-driver` read no clock and draw no chance but through their seams.
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Package to what it may import; `node:` stands for every builtin. */
export const allowed: Readonly<Record<string, readonly string[]>> = {
  core: ['zod', 'saxes', 'multipasta', 're2js', 'ipaddr.js'],
  'storage-driver': ['@aistore-ts/core', 'kysely', 'zod'],
  'runtime-adapters': ['@aistore-ts/core', 'hash-wasm', 'xxhash-wasm', 'node:', 'bun:'],
  'node-daemon': [
    '@aistore-ts/core',
    '@aistore-ts/storage-driver',
    '@aistore-ts/runtime-adapters',
    'zod',
    'node:',
  ],
  'edge-proxy': ['@aistore-ts/core', '@aistore-ts/runtime-adapters'],
  simulation: ['@aistore-ts/core', '@aistore-ts/storage-driver'],
  // What crosses the network, the pure types it is made of, and how what comes packed is unpacked.
  sdk: [
    '@aistore-ts/core/wire',
    '@aistore-ts/core/archive',
    '@aistore-ts/core/bucket/bck.ts',
    '@aistore-ts/core/config/features.ts',
    '@aistore-ts/core/object/checksum.ts',
    '@aistore-ts/core/object/list-entry.ts',
    '#default-transport',
    'node:',
  ],
  cli: ['@aistore-ts/sdk', 'hash-wasm', 'xxhash-wasm', 'yaml', 'node:'],
  conformance: ['node:'],
}

async function sources(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'testing') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await sources(path)))
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts')) found.push(path)
  }
  return found
}

const importPattern =
  /(?:^|[\n;])\s*(?:import|export)\s[^'"]*?\sfrom\s+['"]([^'"]+)['"]|(?:^|[\n;])\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g

/** Specifiers of all imports of a source, dynamic ones and those of types included. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

/** Time and chance that are there without being handed down. */
const ambientPattern = /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\.now\b/g

/** Packages that are run in virtual time. */
const seamed: ReadonlySet<string> = new Set(['core', 'storage-driver'])

/** What a source at `path` (from the root, its first folder the package) does against the rule, one sentence each. */
export function problemsOf(path: string, text: string): string[] {
  const name = path.slice(0, path.indexOf('/'))
  const rule = allowed[name] ?? []
  const found = importsOf(text)
    .filter((specifier) => !permits(name, rule, path, specifier))
    .map((specifier) => `${path} imports ${specifier}`)
  if (!seamed.has(name)) return found
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
  const ambient = [...code.matchAll(ambientPattern)].map((match) => match[0])
  return [...found, ...ambient.map((what) => `${path} uses ${what}: take the Clock or Random seam`)]
}

function permits(name: string, rule: readonly string[], path: string, specifier: string): boolean {
  if (specifier.startsWith('.')) {
    return !relative(name, join(dirname(path), specifier)).startsWith('..')
  }
  return rule.some((one) =>
    one.endsWith(':')
      ? specifier.startsWith(one)
      : specifier === one || specifier.startsWith(`${one}/`),
  )
}

async function main(): Promise<number> {
  const problems: string[] = []
  for (const name of Object.keys(allowed)) {
    for (const path of await sources(join(root, name))) {
      problems.push(...problemsOf(path.slice(root.length), await readFile(path, 'utf8')))
    }
  }
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  process.stdout.write(
    `dependency rule: ${problems.length === 0 ? 'kept' : `${problems.length} broken`}\n`,
  )
  return problems.length === 0 ? 0 : 1
}

if (import.meta.main) process.exit(await main())
