import { existsSync, readFileSync } from 'node:fs'
import type { Durability, Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openBodies, strayFiles } from '../../testing/account.ts'
import {
  type Bench,
  bytesOf,
  createBench,
  getText,
  listNames,
  newObject,
  put,
} from '../../testing/mountpath-bench.ts'

/** More of them for a long run: `MODEL_RUNS=200`. */
const runs = Number(process.env.MODEL_RUNS ?? 5)

const names = ['a', 'a/b', 'c', 'd//e'] as const
const nameOf = fc.constantFrom(...names)
const durabilityOf = fc.constantFrom<Durability>('process', 'disk')

/** What may happen to objects of which some are small bodies without a file. */
const changes = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      name: nameOf,
      durability: durabilityOf,
      isLarge: fc.boolean(),
    }),
  },
  fc.record({ kind: fc.constant('small' as const), name: nameOf }),
  fc.record({ kind: fc.constant('remove' as const), name: nameOf, durability: durabilityOf }),
  fc.record({ kind: fc.constant('update' as const), name: nameOf, durability: durabilityOf }),
  fc.record({ kind: fc.constant('append' as const), name: nameOf, durability: durabilityOf }),
  fc.record({
    kind: fc.constant('rename' as const),
    name: nameOf,
    to: nameOf,
    durability: durabilityOf,
  }),
  fc.record({ kind: fc.constant('round' as const) }),
  fc.record({ kind: fc.constant('restart' as const) }),
)

type Change = typeof changes extends fc.Arbitrary<infer T> ? T : never

interface Content {
  readonly text: string
  readonly colour: string
}

/** Does `change` to the disk and to the model of it. */
async function apply(
  bench: Bench,
  mountpath: Mountpath,
  model: Map<string, Content>,
  change: Change,
  version: number,
): Promise<Mountpath> {
  const { bucket } = bench
  switch (change.kind) {
    case 'put':
    case 'small': {
      const isLarge = change.kind === 'put' && change.isLarge
      const text = `${change.name}#${version}`.repeat(isLarge ? 8_000 : 3)
      const durability = change.kind === 'put' ? change.durability : 'disk'
      await put(mountpath, bucket, change.name, text, durability)
      model.set(change.name, { text, colour: '' })
      return mountpath
    }
    case 'remove': {
      const known = model.delete(change.name)
      expect(await mountpath.remove(bucket, change.name, change.durability)).toBe(known)
      return mountpath
    }
    case 'update': {
      const colour = `c${version}`
      const known = model.get(change.name)
      const custom = [['colour', colour]] as const
      const meta = await mountpath.update(bucket, change.name, { custom }, change.durability)
      expect(meta === undefined).toBe(known === undefined)
      if (known !== undefined) model.set(change.name, { ...known, colour })
      return mountpath
    }
    case 'append': {
      const from = model.has(change.name) ? await mountpath.open(bucket, change.name) : undefined
      const { id } = await mountpath.appendBegin(bucket, change.name, from)
      from?.close()
      const more = `+${version}`
      await mountpath.appendWrite(bucket, change.name, id, chunksOf(more))
      const draft = await mountpath.appendDraft(bucket, change.name, id)
      const text = (model.get(change.name)?.text ?? '') + more
      const object = newObject(bytesOf(text))
      await mountpath.commit(bucket, change.name, draft, object, change.durability)
      model.set(change.name, { text, colour: '' })
      return mountpath
    }
    case 'rename': {
      const known = model.get(change.name)
      const done = mountpath.rename(bucket, change.name, change.to, change.durability)
      if (known === undefined) {
        await expect(done).rejects.toMatchObject({ code: 'ErrNotFound' })
        return mountpath
      }
      await done
      model.delete(change.name)
      model.set(change.to, known)
      return mountpath
    }
    case 'round':
      bench.clock.advance(1_000)
      return mountpath
    case 'restart':
      await mountpath.close()
      expect(openBodies(bench.path)).toBe(0)
      return bench.open()
  }
}

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  yield bytesOf(text)
}

async function expectModel(
  { bucket }: Bench,
  mountpath: Mountpath,
  model: ReadonlyMap<string, Content>,
): Promise<void> {
  expect(listNames(mountpath, bucket)).toEqual([...model.keys()].sort())
  for (const name of names) {
    const expected = model.get(name)
    const meta = mountpath.load(bucket, name)
    expect(meta?.custom.map(([, value]) => value).join('') ?? '').toBe(expected?.colour ?? '')
    if (expected === undefined) continue
    expect(await getText(mountpath, bucket, name)).toBe(expected.text)
    const small = mountpath.readSmall(bucket, name)
    if (small !== undefined) expect(new TextDecoder().decode(small.bytes)).toBe(expected.text)
  }
}

it('whatever happens to small bodies before they have their files, the content is the last one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(changes, { minLength: 5, maxLength: 25 }), async (all) => {
      const bench = createBench()
      try {
        let mountpath = await bench.open()
        const model = new Map<string, Content>()
        for (const [version, change] of all.entries()) {
          mountpath = await apply(bench, mountpath, model, change, version)
          await expectModel(bench, mountpath, model)
        }
        await mountpath.close()
        const again = await bench.open()
        await expectModel(bench, again, model)
        expect(strayFiles(again, bench.bucket)).toEqual([])
        expect(openBodies(bench.path)).toBe(0)
        const plain = model.get('c')?.text
        const file = `${bench.path}/@ais/bench/%ob/c`
        expect(existsSync(file) ? readFileSync(file, 'utf8') : undefined).toBe(plain)
      } finally {
        await bench.end()
      }
    }),
    { numRuns: runs },
  )
})
