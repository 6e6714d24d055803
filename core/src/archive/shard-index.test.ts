import { describe, expect, it } from 'vitest'
import { type IndexedMember, ShardIndexReader, writeShardIndex } from './shard-index.ts'

const member = (name: string, offset: number): IndexedMember => {
  return { name, offset, sizeBytes: offset + 1, mtimeSeconds: 2 * offset }
}

describe('an index of a shard', () => {
  const names = ['b/2', 'a', './dot', 'z'.repeat(300), 'é', '😀', 'b/10', '']
  const members = names.map((name, at) => member(name, 512 * at))
  const index = new ShardIndexReader(writeShardIndex([...members, member('a', 99)]))

  it('finds every file by its name, with or without a dot in front, the first of equal names', () => {
    expect(index.count).toBe(names.length)
    for (const one of members) {
      expect(index.find(one.name)).toEqual({ ...one, name: one.name.replace('./', '') })
    }
    expect(index.find('dot')?.offset).toBe(1_024)
    expect(index.find('./b/2')?.offset).toBe(0)
    for (const other of ['b', 'b/1', 'aa', 'É', 'zz']) expect(index.find(other)).toBeUndefined()
  })

  it('of no file finds none', () => {
    const none = new ShardIndexReader(writeShardIndex([]))
    expect([none.count, none.find('a')]).toEqual([0, undefined])
  })

  it('finds among 50,000', () => {
    const many = Array.from({ length: 50_000 }, (_, at) => member(`dir/${at}.jpg`, at))
    const large = new ShardIndexReader(writeShardIndex(many))
    for (let at = 0; at < many.length; at += 997) {
      expect(large.find(`dir/${at}.jpg`)?.offset).toBe(at)
    }
  })

  it('that is damaged is refused, wherever the damage is, or finds what it says', () => {
    const sound = writeShardIndex(members)
    for (let cut = 0; cut < sound.length; cut += 7) {
      const attempt = () => new ShardIndexReader(sound.slice(0, cut)).find('b/10')
      try {
        attempt()
      } catch (error) {
        expect(String(error)).toContain('index')
      }
    }
    for (let at = 0; at < sound.length; at++) {
      const other = sound.slice()
      other[at] = (other[at] ?? 0) ^ 0xff
      try {
        const found = new ShardIndexReader(other).find('b/10')
        if (found !== undefined) expect(Number.isSafeInteger(found.offset)).toBe(true)
      } catch (error) {
        expect(String(error)).toContain('index')
      }
    }
  })
})
