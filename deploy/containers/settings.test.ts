import { expect, it } from 'vitest'
import { readSettings } from './settings.ts'

it('reads a gateway and a target', () => {
  const gateway = readSettings({ AIS_ROLE: 'proxy', AIS_HOST: 'gateway' })
  expect(gateway).toMatchObject({ primary: 'http://gateway:8080', s3Port: 9_000, mountpaths: [] })
  expect(gateway.open).toBe(false)
  const target = readSettings({
    AIS_ROLE: 'target',
    AIS_PRIMARY_EP: 'http://gateway:8080',
    AIS_MOUNTPATHS: 'mp1,mp2',
  })
  expect(target.mountpaths).toEqual(['/ais/mp1', '/ais/mp2'])
  expect(target.s3Port).toBe(0)
})

it.each([
  [{}, 'AIS_ROLE'],
  [{ AIS_ROLE: 'chief' }, 'AIS_ROLE'],
  [{ AIS_ROLE: 'proxy', AIS_PORT: 'x' }, 'AIS_PORT'],
  [{ AIS_ROLE: 'proxy', AIS_S3_PORT: '70000' }, 'AIS_S3_PORT'],
  [{ AIS_ROLE: 'target', AIS_MOUNTPATHS: '' }, 'AIS_MOUNTPATHS'],
])('refuses %o, naming %s', (env, name) => {
  expect(() => readSettings(env)).toThrow(name)
})
