import { describe, expect, it } from 'vitest'
import { bckUname } from './bck.ts'
import {
  checkBucketName,
  parseBck,
  parseBckUname,
  parseNamespace,
  parseObjectUname,
} from './names.ts'

describe('bucket names', () => {
  it.each(['a', 'A-b_c.d', 'x'.repeat(64), '.sys-inventory', 'constructor'])(
    'accepts %s',
    (name) => {
      expect(() => checkBucketName(name)).not.toThrow()
    },
  )

  it.each([
    ['', 'bucket name is missing'],
    [
      '*',
      'bucket name is invalid: may only contain letters, numbers, dashes (-), underscores (_), and dots (.)',
    ],
    [' ', 'bucket name is invalid'],
    ['a/b', 'bucket name is invalid'],
    ['a..b', 'bucket name is invalid'],
    ['é', 'bucket name is invalid'],
    ['.x', 'reserved bucket name ".x" (unknown system bucket)'],
    ['__proto__', 'reserved'],
    ['x'.repeat(65), 'bucket name is too long: 65 > 64(max length)'],
  ])('refuses %j', (name, why) => {
    expect(() => checkBucketName(name)).toThrow(why)
  })
})

describe('parseBck', () => {
  it.each([
    ['', '', 'ais/@#/b/'],
    ['s3', '', 'aws/@#/b/'],
    ['ais', '@u1#n1', 'ais/@u1#n1/b/'],
    ['ais', '#n1', 'ais/@#n1/b/'],
    ['ais', '@u1', 'ais/@u1#/b/'],
    ['gs', '@#', 'gcp/@#/b/'],
  ])('provider %j, namespace %j', (provider, namespace, uname) => {
    const bck = parseBck('b', provider, namespace)
    expect(bckUname(bck)).toBe(uname)
    expect(parseBckUname(uname)).toEqual(bck)
    expect(parseObjectUname(`${uname}x//y/`)).toEqual({ bck, name: 'x//y/' })
  })

  it.each([
    [
      'ftp',
      '',
      'invalid backend provider "ftp" for bucket b: must be one of [ais aws gcp azure oci]',
    ],
    ['ais', '@-u', 'bucket namespace'],
    ['ais', `#${'n'.repeat(33)}`, 'bucket namespace'],
    ['ais', '@u#a/b', 'bucket namespace'],
  ])('refuses provider %j, namespace %j', (provider, namespace, why) => {
    expect(() => parseBck('b', provider, namespace)).toThrow(why)
  })

  it('takes unames apart, or not', () => {
    expect(parseNamespace('')).toEqual({ uuid: '', name: '' })
    expect(parseObjectUname('ais/@#/b')).toBeUndefined()
    expect(parseObjectUname('b/o')).toBeUndefined()
    expect(parseBckUname('ais/@#/b')).toEqual(parseBck('b', '', ''))
    expect(() => parseBckUname('ais/@#/b/o')).toThrow('expecting')
  })
})
