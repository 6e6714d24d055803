import { describe, expect, it } from 'vitest'
import { type AgingVersion, expiredVersions } from './expired-versions.ts'
import type { LifecycleRule } from './lifecycle-rules.ts'

const daySeconds = 10
const dayMs = daySeconds * 1000
const began = Date.UTC(2026, 0, 1)

/** @param day in which it was written */
function version(day: number, isMarker = false, name = 'logs/a', tags = ''): AgingVersion {
  const meta = {
    name,
    sizeBytes: isMarker ? 0 : 10,
    mtimeNs: BigInt(began + day * dayMs) * 1_000_000n,
    atimeNs: 0n,
    version: '',
    generation: '',
    checksum: { type: 'none', value: '' } as const,
    custom: tags === '' ? [] : ([['x-amz-tagging', tags]] as const),
  }
  return { isMarker, meta }
}

/** Days of what goes on day `day`. */
function expired(rule: Partial<LifecycleRule>, versions: readonly AgingVersion[], day: number) {
  const whole: LifecycleRule = { id: 'r', enabled: true, prefix: '', ...rule }
  const gone = expiredVersions([whole], versions, daySeconds, began + day * dayMs)
  return gone.map(({ meta }) => (Number(meta.mtimeNs / 1_000_000n) - began) / dayMs)
}

describe('versions that are not current', () => {
  const versions = [version(9), version(6), version(3, true), version(1)]

  it('go that many days after the next one came', () => {
    expect(expired({ noncurrentDays: 2 }, versions, 4)).toEqual([])
    expect(expired({ noncurrentDays: 2 }, versions, 5)).toEqual([1])
    expect(expired({ noncurrentDays: 2 }, versions, 8)).toEqual([3, 1])
    expect(expired({ noncurrentDays: 2 }, versions, 100)).toEqual([6, 3, 1])
  })

  it('stay as long as they are among the newest', () => {
    expect(expired({ noncurrentDays: 1, newerNoncurrent: 1 }, versions, 100)).toEqual([3, 1])
    expect(expired({ noncurrentDays: 1, newerNoncurrent: 3 }, versions, 100)).toEqual([])
  })

  it('stay when the rule is not about them', () => {
    expect(expired({ noncurrentDays: 1, prefix: 'x' }, versions, 100)).toEqual([])
    expect(expired({ noncurrentDays: 1, enabled: false }, versions, 100)).toEqual([])
    expect(expired({ noncurrentDays: 1, sizeAbove: 5 }, versions, 100)).toEqual([6, 1])
    const tagged = [version(9), version(6, false, 'k', 'a=1'), version(3, false, 'k', 'a=2')]
    expect(expired({ noncurrentDays: 1, tags: [['a', '1']] }, tagged, 100)).toEqual([6])
  })

  it('stay without such a rule', () => {
    expect(expired({ days: 1 }, versions, 100)).toEqual([])
    expect(expired({ loneMarkers: true }, versions, 100)).toEqual([])
  })
})

describe('a delete marker', () => {
  it('goes at once, or with its days, when nothing is behind it', () => {
    const lone = [version(3, true)]
    expect(expired({ loneMarkers: true }, lone, 3)).toEqual([3])
    expect(expired({ loneMarkers: false }, lone, 100)).toEqual([])
    expect(expired({ days: 2 }, lone, 4)).toEqual([])
    expect(expired({ days: 2 }, lone, 5)).toEqual([3])
    expect(expired({ noncurrentDays: 1 }, lone, 100)).toEqual([])
  })

  it('stays while a version is behind it', () => {
    expect(expired({ loneMarkers: true }, [version(3, true), version(1)], 100)).toEqual([])
  })

  it('is nothing that a tag or a size is about', () => {
    expect(expired({ days: 1, tags: [['a', '1']] }, [version(3, true)], 100)).toEqual([])
  })
})
