import { expect, test } from 'vitest'
import type { ConformanceCase } from '../model/case.ts'
import { expandJson, expandMatcher, expandText } from './expand.ts'
import { findObstacle, judge } from './judge.ts'
import { planRun, withNeeds } from './plan-run.ts'

const subject = (id: string, more: Partial<ConformanceCase> = {}): ConformanceCase => ({
  ...{ id, features: ['F1.01'], kind: 'required', source: 'a test', steps: [] },
  ...more,
})

test('placeholders are replaced everywhere, and an unknown one is a fault of the case', () => {
  const variables = new Map([['name', 'n']])
  expect(expandText('/{name}/{name}', variables)).toBe('/n/n')
  expect(expandText('{"action":{}}', variables)).toBe('{"action":{}}')
  expect(expandJson({ '{name}': ['{name}', 1] }, variables)).toEqual({ n: ['n', 1] })
  expect(expandMatcher({ a: ['{name}', /{name}/] }, variables)).toEqual({ a: ['n', /{name}/] })
  expect(() => expandText('{other}', variables)).toThrow(/stands for nothing/)
})

test('cases run after what they need, exclusive ones alone', () => {
  const plan = planRun([
    subject('c', { needs: ['b'] }),
    subject('alone', { exclusive: true }),
    subject('b', { needs: ['a'] }),
    subject('a'),
  ])
  expect(plan.waves.map((wave) => wave.map(({ id }) => id))).toEqual([['a'], ['b'], ['c']])
  expect(plan.alone.map(({ id }) => id)).toEqual(['alone'])
})

test('needs that are missing or circular are refused', () => {
  expect(() => planRun([subject('a', { needs: ['nosuch'] })])).toThrow(/nosuch/)
  const circle = [subject('a', { needs: ['b'] }), subject('b', { needs: ['a'] })]
  expect(() => planRun(circle)).toThrow(/circle/)
})

test('chosen cases bring what they need', () => {
  const all = [
    subject('a'),
    subject('b', { needs: ['a'] }),
    subject('c', { needs: ['b'] }),
    subject('d'),
  ]
  const chosen = all.filter(({ id }) => id === 'c')
  expect(withNeeds(chosen, all).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})

test('a case is not tested when a need failed or a capability is missing', () => {
  const ruling = {
    reference: false,
    capabilities: [{ id: 'x', present: false, declaredAbsent: false, reason: 'not there' }],
  }
  const failed = { ...subject('a'), outcome: 'failed', durationMs: 0 } as const
  const done = new Map([['a', failed]])
  expect(findObstacle(subject('b', { needs: ['a'] }), ruling, done)).toBe('needs a: failed')
  expect(findObstacle(subject('b', { needs: ['z'] }), ruling, done)).toBe('needs z: not run')
  expect(findObstacle(subject('b', { capabilities: ['x'] }), ruling, done)).toMatch(/not there/)
  expect(findObstacle(subject('b'), ruling, done)).toBeUndefined()
})

test('a declared difference must show on the reference, and nowhere else', () => {
  const differing = subject('a', { deviation: 'other' })
  const reference = { reference: true, capabilities: [] }
  const ours = { reference: false, capabilities: [] }
  expect(judge(differing, 'broken', reference).outcome).toBe('passed')
  expect(judge(differing, undefined, reference).outcome).toBe('failed')
  expect(judge(differing, 'broken', ours).outcome).toBe('failed')
  expect(judge(differing, undefined, ours).outcome).toBe('passed')
  expect(judge(subject('a'), 'broken', reference).outcome).toBe('failed')
  expect(judge(subject('a', { kind: 'observed' }), 'broken', ours).outcome).toBe('observed')
})
