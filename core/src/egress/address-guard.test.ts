import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCidr, refusedRange } from './address-guard.ts'

const strict = { allowCidrs: [], allowPrivate: false }
const site = { allowCidrs: [], allowPrivate: true }

describe('which addresses may be called', () => {
  it.each([['8.8.8.8'], ['2606:4700::1111'], ['2001:4860:4860::8888'], ['::ffff:8.8.8.8']])(
    '%s is public',
    (address) => {
      expect(refusedRange(address, strict)).toBeUndefined()
    },
  )

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'linkLocal'],
    ['100.64.0.1', 'carrierGradeNat'],
    ['192.0.0.1', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['198.51.100.7', 'reserved'],
    ['203.0.113.7', 'reserved'],
    ['192.88.99.1', 'reserved'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::127.0.0.1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:a9fe:a9fe', 'linkLocal'],
    ['::ffff:0:127.0.0.1', 'rfc6145'],
    ['64:ff9b::169.254.169.254', 'rfc6052'],
    ['64:ff9b:1::8.8.8.8', 'rfc6052'],
    ['2002:7f00:1::1', '6to4'],
    ['2001:0:4136:e378:8000:63bf:5665:5665', 'teredo'],
    ['2001:db8::1', 'reserved'],
    ['fe80::1', 'linkLocal'],
    ['fe80::1%eth0', 'invalid'],
    ['fec0::1', 'deprecatedSiteLocal'],
    ['fd00:ec2::254', 'uniqueLocal'],
    ['ff02::1', 'multicast'],
    ['4000::1', 'reserved'],
    ['100::1', 'discard'],
    ['no address', 'invalid'],
    ['', 'invalid'],
  ])('%s is %s', (address, range) => {
    expect(refusedRange(address, strict)).toBe(range)
  })

  it('lets a site call its own networks where the feature says so, and no more', () => {
    expect(refusedRange('10.0.0.1', site)).toBeUndefined()
    expect(refusedRange('fd00::1', site)).toBeUndefined()
    expect(refusedRange('100.64.0.1', site)).toBe('carrierGradeNat')
    expect(refusedRange('127.0.0.1', site)).toBe('loopback')
    expect(refusedRange('169.254.169.254', site)).toBe('linkLocal')
  })

  it('lets listed networks pass, in either of their clothes', () => {
    const listed = { allowCidrs: ['127.0.0.1/32', '::ffff:10.1.0.0/112'], allowPrivate: false }
    expect(refusedRange('127.0.0.1', listed)).toBeUndefined()
    expect(refusedRange('::ffff:127.0.0.1', listed)).toBeUndefined()
    expect(refusedRange('127.0.0.2', listed)).toBe('loopback')
    expect(refusedRange('::1', listed)).toBe('loopback')
    expect(refusedRange('10.1.9.9', listed)).toBeUndefined()
    expect(refusedRange('10.2.0.1', listed)).toBe('private')
  })

  it('judges every IPv4 address as it judges the same one in IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(refusedRange(`::ffff:${address}`, strict)).toBe(refusedRange(address, strict))
      }),
    )
  })

  it('knows a network in CIDR from anything else', () => {
    for (const good of ['10.0.0.0/8', '::1/128', '0.0.0.0/0']) expect(isCidr(good)).toBe(true)
    for (const bad of ['10.0.0.0', '10.0.0.0/33', 'a/8', '']) expect(isCidr(bad)).toBe(false)
  })
})
