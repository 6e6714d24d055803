import { describe, expect, it } from 'vitest'
import { eachObject } from './object-selection.ts'
import type { Work } from './xaction-kind.ts'

const { signal } = new AbortController()

async function* names(...all: readonly string[]) {
  for (const name of all) {
    // A source that takes its time: what is under way settles meanwhile.
    await new Promise((resolve) => setImmediate(resolve))
    yield { name }
  }
}

const fail = (name: string) => Promise.reject(new Error(`${name} is bad`))

async function collect(work: AsyncIterable<Work>): Promise<Work[]> {
  const all: Work[] = []
  for await (const one of work) all.push(one)
  return all
}

describe('many objects, a few at once', () => {
  it('ends with the first that fails, and survives others that fail while nobody looks', async () => {
    const work = eachObject(
      names('a', 'b', 'c', 'd', 'e', 'f'),
      { workers: 8, goesOn: false, signal },
      ({ name }) => (name < 'd' ? fail(name) : Promise.resolve({ objects: 1 })),
    )
    await expect(collect(work)).rejects.toThrow('a: a is bad')
  })

  it('does not let one that is slow hold up the others', async () => {
    let finishSlow = () => {}
    const slow = new Promise<Work>((resolve) => {
      finishSlow = () => resolve({ bytes: 1 })
    })
    const work = eachObject(
      names('slow', 'b', 'c', 'd'),
      { workers: 2, goesOn: true, signal },
      ({ name }) => {
        if (name === 'd') finishSlow()
        return name === 'slow' ? slow : Promise.resolve({ objects: 1 })
      },
    )
    expect(await collect(work)).toHaveLength(4)
  })

  it('goes on beyond failures where it is told to, and names each', async () => {
    const work = eachObject(
      names('a', 'b', 'c'),
      { workers: 2, goesOn: true, signal },
      ({ name }) => (name === 'b' ? fail(name) : Promise.resolve({ objects: 1 })),
    )
    expect(await collect(work)).toEqual([
      { objects: 1 },
      { failure: 'b: b is bad' },
      { objects: 1 },
    ])
  })
})
