import type { Answer } from '@aistore-ts/core/ports/call.ts'
import { expect, it } from 'vitest'
import { limitedCalls } from './limited-calls.ts'

const body = {
  lengthBytes: 0,
  consume: () => Promise.resolve(),
  [Symbol.asyncIterator]: () => ({
    next: () => Promise.resolve({ done: true as const, value: undefined }),
  }),
} as const
const answer: Answer = {
  ...{ status: 200, headers: { get: () => undefined, all: () => [], lines: () => [] }, body },
  bytes: () => Promise.resolve(new Uint8Array()),
  discard: () => undefined,
}

it('a request has so many calls under way and no more, in the order they were made', async () => {
  const begun: string[] = []
  const ends: ((failed: boolean) => void)[] = []
  const send = limitedCalls((_origin, { target }) => {
    begun.push(target)
    return new Promise((resolve, reject) => {
      ends.push((failed) => (failed ? reject(new Error(target)) : resolve(answer)))
    })
  }, 2)
  const calls = ['a', 'b', 'c', 'd', 'e'].map((target) =>
    send('http://127.0.0.1:1', { method: 'GET', target }, 1).then(
      () => target,
      () => `${target} failed`,
    ),
  )
  await Promise.resolve()
  expect(begun).toEqual(['a', 'b'])
  ends[1]?.(true)
  expect(await calls[1]).toBe('b failed')
  expect(begun).toEqual(['a', 'b', 'c'])
  ends[0]?.(false)
  ends[2]?.(false)
  await calls[0]
  expect(await calls[2]).toBe('c')
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e'])
  for (const end of ends) end(false)
  expect(await Promise.all(calls)).toEqual(['a', 'b failed', 'c', 'd', 'e'])
})
