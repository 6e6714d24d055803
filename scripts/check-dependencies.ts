// Who may import whom: the table of docs/architecture.md, held against every import in the sources.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Package to what it may import; `node:` stands for every builtin. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: ['zod', 'saxes'],
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
  sdk: ['@aistore-ts/core', '#default-transport', 'node:'],
  cli: ['@aistore-ts/sdk', 'hash-wasm', 'xxhash-wasm', 'node:'],
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
  /(?:^|\n)(?:import|export)\s[^'"]*?\sfrom\s+['"]([^'"]+)['"]|(?:^|\n)import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g

function importsOf(text: string): string[] {
  return [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

function permits(rule: readonly string[], specifier: string): boolean {
  if (specifier.startsWith('.')) return true
  return rule.some((name) =>
    name.endsWith(':')
      ? specifier.startsWith(name)
      : specifier === name || specifier.startsWith(`${name}/`),
  )
}

const problems: string[] = []
for (const [name, rule] of Object.entries(allowed)) {
  for (const path of await sources(join(root, name))) {
    for (const specifier of importsOf(await readFile(path, 'utf8'))) {
      if (!permits(rule, specifier))
        problems.push(`${path.slice(root.length)} imports ${specifier}`)
    }
  }
}
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.stdout.write(
  `dependency rule: ${problems.length === 0 ? 'kept' : `${problems.length} broken`}\n`,
)
process.exit(problems.length === 0 ? 0 : 1)
