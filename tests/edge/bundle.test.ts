import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildEdge, edgeBundleBytesMax, edgeEagerBytesMax } from '../../scripts/edge-bundle.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistore-edge-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('the edge gateway is one module, small enough to be loaded at once, that imports nothing', async () => {
  const outfile = join(folder, 'worker.js')
  const { bytes, eagerBytes } = await buildEdge(outfile)
  expect(bytes).toBeLessThan(edgeBundleBytesMax)
  expect(eagerBytes).toBeGreaterThan(0)
  expect(eagerBytes).toBeLessThan(edgeEagerBytesMax)
  expect(await readFile(outfile, 'utf8')).not.toMatch(/\bfrom\s*["'](?:node:|bun:|@)|\brequire\(/)
})
