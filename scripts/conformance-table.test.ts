import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { conformanceTable } from './conformance-table.ts'

it('says in the docs what is kept of the runs', async () => {
  const page = await readFile(new URL('../docs/conformance-results.md', import.meta.url), 'utf8')
  expect(page).toBe(await conformanceTable())
})

it('has no run with a failed case', async () => {
  expect(await conformanceTable()).toContain('No case failed.')
})
