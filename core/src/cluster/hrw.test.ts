import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitMixHash } from '../algorithms/xoshiro256.ts'
import { isAisError } from '../errors/ais-error.ts'
import { electables, hrwIc, hrwMountpath, hrwTarget, hrwTargets } from './hrw.ts'
import { placementDigest } from './placement-digest.ts'
import { emptySmap, type Smap, withNode } from './smap.ts'
import { createSnode, idDigest, netInfo, type Snode, snodeFlags } from './snode.ts'

function node(daemonId: string, daemonType: Snode['daemonType'], flags = 0): Snode {
  const net = netInfo('127.0.0.1', 8081)
  return createSnode({ daemonId, daemonType, publicNet: net, controlNet: net, dataNet: net, flags })
}

function smapOf(...nodes: Snode[]): Smap {
  return nodes.reduce(withNode, emptySmap())
}

const three = smapOf(...['t1AAAAAA', 't2BBBBBB', 't3CCCCCC'].map((id) => node(id, 'target')))

describe('idDigest', () => {
  it.each([
    ['VCft8081', 12656949924523221103n],
    ['t1AAAAAA', 13283519769522769121n],
    ['t2BBBBBB', 17071633374748811664n],
    ['t3CCCCCC', 9824148560713826372n],
    ['owHp8080', 2505466333247128927n],
  ])('%s is %s', (id, digest) => {
    expect(idDigest(id)).toBe(digest)
  })
})

describe('hrwTarget', () => {
  it.each([
    ['ais/@#/abc/obj', 4956197447846981055n, 't3CCCCCC', 14650961735698832564n],
    ['ais/@#/abc/dir/obj-1', 8142563100421934502n, 't2BBBBBB', 17755259426865798865n],
    ['aws/@#/b/x', 18311558278392493117n, 't1AAAAAA', 15232822128180833522n],
    ['ais/@u1#n1/b/o', 13661390747937574759n, 't3CCCCCC', 16165768859467531617n],
    ['ais/@#/b/é', 11273695633594851696n, 't2BBBBBB', 17796680162833512987n],
  ])('gives %s to its owner', (uname, digest, owner, weight) => {
    expect(placementDigest(uname).toBigInt()).toBe(digest)
    expect(splitMixHash(idDigest(owner) ^ digest)).toBe(weight)
    expect(hrwTarget(three, uname).daemonId).toBe(owner)
  })

  it('skips nodes in maintenance and says when none is left', () => {
    const resting = smapOf(
      node('t3CCCCCC', 'target', snodeFlags.maintenance),
      node('t1AAAAAA', 'target', snodeFlags.decommission),
    )
    expect(() => hrwTarget(resting, 'x')).toThrow(
      'no storage targets in the cluster (2 targets in maintenance mode or being decommissioned)',
    )
    const one = withNode(resting, node('t2BBBBBB', 'target'))
    expect(hrwTarget(one, 'ais/@#/abc/obj').daemonId).toBe('t2BBBBBB')
  })

  it('losing a target moves only its own objects', () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{7}$/), {
      minLength: 2,
      maxLength: 9,
    })
    fc.assert(
      fc.property(ids, fc.string({ unit: 'binary' }), fc.nat(8), (all, uname, gone) => {
        const lost = all[gone % all.length]
        const before = hrwTarget(smapOf(...all.map((id) => node(id, 'target'))), uname).daemonId
        const left = all.filter((id) => id !== lost).map((id) => node(id, 'target'))
        const after = hrwTarget(smapOf(...left), uname).daemonId
        if (before !== lost) expect(after).toBe(before)
      }),
    )
  })
})

describe('hrwTargets', () => {
  it('lists by weight, and the first is the owner', () => {
    const ids = hrwTargets(three, 'ais/@#/abc/obj', 3).map(({ daemonId }) => daemonId)
    expect(ids).toEqual(['t3CCCCCC', 't2BBBBBB', 't1AAAAAA'])
    expect(hrwTargets(three, 'ais/@#/abc/obj', 1).map((n) => n.daemonId)).toEqual(['t3CCCCCC'])
  })

  it('refuses to give fewer than asked', () => {
    expect(() => hrwTargets(three, 'x', 4)).toThrow(/required 4, available 3/)
  })
})

describe('hrwMountpath', () => {
  it('is the highest weight of XXH64(ID) XOR digest', () => {
    const ids = ['mp1', 'mp2', 'mp3', 'mp4'].map((id) => ({ id }))
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (uname) => {
        const digest = placementDigest(uname).toBigInt()
        const weight = (id: string) => splitMixHash(idDigest(id) ^ digest)
        const chosen = weight(hrwMountpath(ids, uname).id)
        for (const { id } of ids) expect(weight(id) <= chosen).toBe(true)
      }),
    )
  })

  it('has nothing to choose from', () => {
    expect(() => hrwMountpath([], 'x')).toThrow('no mountpaths')
  })
})

describe('proxies', () => {
  const map = smapOf(
    node('p1AAAAAA', 'proxy', snodeFlags.ic),
    node('p2BBBBBB', 'proxy', snodeFlags.nonElectable),
    node('p3CCCCCC', 'proxy', snodeFlags.ic | snodeFlags.maintenance),
    node('p4DDDDDD', 'proxy'),
  )

  it('the next primary has the greatest digest of those that may', () => {
    const expected = idDigest('p1AAAAAA') > idDigest('p4DDDDDD') ? 'p1AAAAAA' : 'p4DDDDDD'
    const other = expected === 'p1AAAAAA' ? 'p4DDDDDD' : 'p1AAAAAA'
    expect(electables(map).map(({ daemonId }) => daemonId)).toEqual([expected, other])
  })

  it('a job belongs to a working IC member', () => {
    expect(hrwIc(map, 'eOCvrGSEI').daemonId).toBe('p1AAAAAA')
    try {
      hrwIc(smapOf(), 'eOCvrGSEI')
      expect.unreachable()
    } catch (error) {
      expect(isAisError(error, 'ErrNoNodes')).toBe(true)
    }
  })
})
