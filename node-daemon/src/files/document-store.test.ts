import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDocumentStore } from './document-store.ts'

const warnings: string[] = []
const note = (message: string) => void warnings.push(message)
const log = { debug: note, info: note, warn: note, error: note }
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'documents-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a damaged document gives way to the version before it', async () => {
  const store = await openDocumentStore(folder, log)
  await store.save('.ais.x', 'first')
  await store.save('.ais.x', 'second')
  const path = join(folder, '.ais.x')
  await writeFile(path, (await readFile(path, 'utf8')).replace('second', 'secont'))
  expect(await store.load('.ais.x')).toBe('first')
  expect(warnings).toContain('document restored from its previous version')
})

test('a document of a newer program is refused, and stays as it is', async () => {
  const store = await openDocumentStore(folder, log)
  await store.save('.ais.x', 'of old')
  await store.save('.ais.x', 'newer')
  const path = join(folder, '.ais.x')
  const newer = (await readFile(path, 'utf8')).replace('ais-document 1 ', 'ais-document 2 ')
  await writeFile(path, newer)
  await expect(store.load('.ais.x')).rejects.toThrow('.ais.x: format 2 is newer than this program')
  await expect(store.save('.ais.x', 'older')).rejects.toThrow('format 2 is newer')
  expect(await readFile(path, 'utf8')).toBe(newer)
})
