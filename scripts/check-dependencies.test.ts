import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { allowed, problemsOf } from './check-dependencies.ts'

describe('the dependency rule', () => {
  it.each([
    ['core/src/x.ts', "import { a } from 'zod'"],
    ['core/src/a/x.ts', "import { a } from '../b/y.ts'"],
    ['storage-driver/src/x.ts', "import type { A } from '@aistore-ts/core/ports/clock.ts'"],
    ['sdk/src/x.ts', "import { parseJson } from '@aistore-ts/core/wire/json.ts'"],
    ['conformance/runner/x.ts', "import { a } from 'node:http'"],
    ['core/src/x.ts', '// not Date.now()\nexport const at = clock.now()'],
    ['node-daemon/src/x.ts', 'export const at = Date.now()'],
    ['core/src/x.ts', 'export const at = new Date(atMs)'],
  ])('%s may: %s', (path, text) => {
    expect(problemsOf(path, text)).toEqual([])
  })

  it.each([
    ['core/src/x.ts', "import { readFile } from 'node:fs/promises'"],
    ['core/src/x.ts', "export const fs = await import('node:fs')"],
    ['core/src/x.ts', "export { Client } from\n  '@aistore-ts/sdk/client.ts'"],
    ['core/src/x.ts', "const a = 1; import { Client } from '@aistore-ts/sdk/client.ts'"],
    ['core/src/x.ts', "export type C = import('@aistore-ts/sdk/client.ts').Client"],
    ['core/src/a/x.ts', "import { Client } from '../../../sdk/src/client.ts'"],
    ['storage-driver/src/x.ts', "import { lock } from '../../node-daemon/src/files/lock.ts'"],
    ['sdk/src/x.ts', "import { dispatch } from '@aistore-ts/core/node/dispatch.ts'"],
    ['cli/src/x.ts', "import { parseJson } from '@aistore-ts/core/wire/json.ts'"],
    ['conformance/cases/x.ts', "import { parseJson } from '../../core/src/wire/json.ts'"],
    ['core/src/x.ts', 'export const at = Date.now()'],
    ['core/src/x.ts', 'export const at = new Date()'],
    ['storage-driver/src/x.ts', 'export const draw = Math.random'],
    ['core/src/x.ts', 'export const at = performance.now()'],
  ])('%s may not: %s', (path, text) => {
    expect(problemsOf(path, text)).toHaveLength(1)
  })
})

it('docs/architecture.md says of each package what it may import', async () => {
  const text = await readFile(new URL('../docs/architecture.md', import.meta.url), 'utf8')
  for (const [name, rule] of Object.entries(allowed)) {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\``))
    for (const one of rule) {
      if (one.endsWith(':') || one.startsWith('#')) continue
      const word = one.replace(/^@aistore-ts\/(core\/)?/, '').replace(/\/.*$/, '')
      // The SDK's few modules of core beside the wire are pure types: the row says that in words.
      if (one.startsWith('@aistore-ts/core/') && word !== 'wire') continue
      expect(row, `${name} may import ${one}`).toContain(word)
    }
  }
})
