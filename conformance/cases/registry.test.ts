import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { checks } from '../runner/checks/registry.ts'
import { planRun } from '../runner/execute/plan-run.ts'
import { capabilities } from './capabilities.ts'
import { allCases } from './registry.ts'

const here = import.meta.dirname

test('every file of cases is registered', () => {
  const registry = readFileSync(join(here, 'registry.ts'), 'utf8')
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.includes('/') && file.endsWith('.ts') && !file.endsWith('.test.ts'),
  )
  expect(files.length).toBeGreaterThan(30)
  expect(files.filter((file) => !registry.includes(`'./${file}'`))).toEqual([])
})

test('every imported list of cases is used', () => {
  const registry = readFileSync(join(here, 'registry.ts'), 'utf8')
  const names = [...registry.matchAll(/\b(\w+Cases)\b(?=.* from )/g)].map((match) => match[1])
  expect(names.length).toBeGreaterThan(30)
  expect(names.filter((name) => !registry.includes(`...${name},`))).toEqual([])
})

test('every named check is registered', () => {
  const folder = join(here, '..', 'runner', 'checks')
  const registry = readFileSync(join(folder, 'registry.ts'), 'utf8')
  const files = readdirSync(folder).filter((file) => {
    return / Check = /.test(readFileSync(join(folder, file), 'utf8'))
  })
  expect(files.length).toBeGreaterThan(1)
  expect(files.filter((file) => !registry.includes(basename(file)))).toEqual([])
})

test('ids are unique and in kebab case', () => {
  const ids = allCases.map((subject) => subject.id)
  expect(ids.filter((id) => !/^[a-z0-9_]+(-[a-z0-9_]+)+$/.test(id))).toEqual([])
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})

test('there are at least 500 cases', () => {
  expect(allCases.length).toBeGreaterThanOrEqual(500)
})

test('each case names rows of the feature table and a source', () => {
  const odd = allCases.filter(
    ({ features, source }) =>
      features.length === 0 ||
      source.length < 8 ||
      features.some((feature) => !/^F\d{1,2}\.\d\d$/.test(feature)),
  )
  expect(odd).toEqual([])
})

test('needs name cases and do not go round in a circle', () => {
  expect(() => planRun(allCases)).not.toThrow()
})

test('capabilities and checks that cases name exist', () => {
  const known = new Set(capabilities.map(({ id }) => id))
  const named = allCases.flatMap((subject) => subject.capabilities ?? [])
  expect(named.filter((id) => !known.has(id))).toEqual([])
  const asked = allCases.flatMap(({ steps }) => steps.flatMap((step) => step.expect?.checks ?? []))
  expect(asked.filter((name) => !Object.hasOwn(checks, name))).toEqual([])
})

test('optional cases hang on a capability, and only direct ones leave the gateway', () => {
  const hanging = allCases.filter(
    ({ kind, capabilities: wanted }) => kind === 'optional' && wanted === undefined,
  )
  expect(hanging).toEqual([])
  const direct = allCases.filter(
    ({ steps, capabilities: wanted }) =>
      steps.some((step) => step.at !== undefined) && !wanted?.includes('direct-targets'),
  )
  expect(direct.map(({ id }) => id)).toEqual([])
})

test('each step sends something, and the last one expects something', () => {
  const odd = allCases.filter(({ steps }) => {
    const sends = steps.every((step) => (step.send === undefined) !== (step.raw === undefined))
    return !sends || steps.at(-1)?.expect === undefined
  })
  expect(odd.map(({ id }) => id)).toEqual([])
})
