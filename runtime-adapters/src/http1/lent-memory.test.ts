import { expect, it } from 'vitest'
import { LentMemory } from './lent-memory.ts'

it('gives memory back once its last chunk is used up, if it was kept at all', () => {
  const given: ArrayBufferLike[] = []
  const lent = new LentMemory({ giveMemory: (memory) => given.push(memory) })
  const whole = new Uint8Array(10)
  const chunks = [whole.subarray(0, 4), whole.subarray(4, 8), whole.subarray(8)] as const

  lent.add(chunks[0])
  lent.remove(chunks[0])
  expect(given).toEqual([])

  for (const chunk of chunks) lent.add(chunk)
  lent.keep(chunks[2])
  lent.remove(chunks[0])
  lent.remove(new Uint8Array(4))
  lent.remove(chunks[1])
  expect(given).toEqual([])
  lent.remove(chunks[2])
  expect(given).toEqual([whole.buffer])
})
