import { describe, expect, it } from 'vitest'
import { parseJson, stringifyJson } from '../wire/json.ts'
import {
  activeTargets,
  emptySmap,
  icMembers,
  parseSmap,
  primaryOf,
  smapToJson,
  withNode,
  withoutNode,
  withPrimary,
} from './smap.ts'
import { createSnode, netInfo, parseSnode, snodeFlags, snodeToJson, withFlags } from './snode.ts'

const net = (port: number) =>
  `{"node_ip_addr":"127.0.0.1","daemon_port":"${port}","direct_url":"http://127.0.0.1:${port}"}`

const proxyText =
  `{"public_net":${net(8080)},"intra_data_net":${net(10080)},"intra_control_net":${net(9080)},` +
  '"daemon_type":"proxy","daemon_id":"owHp8080","flags":2,"id_digest":2505466333247128927,' +
  '"verifying_key":"815dSLNk3hy2Iu2uQ8p45l61FdctObAQ8X0OF1PaGkg="}'
const targetText =
  `{"public_net":${net(8083)},"intra_data_net":${net(10083)},"intra_control_net":${net(9083)},` +
  '"daemon_type":"target","daemon_id":"hyPt8083","flags":0,"id_digest":15138004511538130578}'
const smapText =
  `{"pmap":{"owHp8080":${proxyText}},"proxy_si":${proxyText},"tmap":{"hyPt8083":${targetText}},` +
  '"uuid":"UiEyNHLxn","creation_time":"2026-11-22 20:33:53","version":"6"}'

describe('Smap on the wire', () => {
  it('comes back byte for byte, digests beyond 2^53 included', () => {
    const smap = parseSmap(parseJson(smapText))
    expect(smap.version).toBe(6)
    expect(primaryOf(smap)?.daemonId).toBe('owHp8080')
    expect(icMembers(smap).map((n) => n.daemonId)).toEqual(['owHp8080'])
    expect(stringifyJson(smapToJson(smap))).toBe(smapText)
  })

  it('refuses a digest that lost its low bits', () => {
    const rounded = JSON.parse(targetText)
    expect(() => parseSnode(rounded)).toThrow(/id_digest/)
  })

  it.each([
    ['version', smapText.replace('"version":"6"', '"version":"x"')],
    ['proxy_si', smapText.replace(/"pmap":\{.*?\},"proxy_si"/, '"pmap":{},"proxy_si"')],
    ['tmap', smapText.replace('"tmap":{"hyPt8083"', '"tmap":{"other"')],
  ])('names the field at fault: %s', (field, text) => {
    expect(() => parseSmap(parseJson(text))).toThrow(field)
  })

  it('keeps our own keys of a node', () => {
    const own = createSnode({
      daemonId: 'abcdefgh',
      daemonType: 'target',
      publicNet: netInfo('127.0.0.1', 1),
      controlNet: netInfo('127.0.0.1', 2),
      dataNet: netInfo('::1', 3),
      host: 'h1',
      zone: 'z1',
    })
    expect(own.dataNet.url).toBe('http://[::1]:3')
    expect(parseSnode(parseJson(stringifyJson(snodeToJson(own))))).toEqual(own)
  })
})

describe('changes', () => {
  it('are new maps, one version up', () => {
    const base = parseSmap(parseJson(smapText))
    const target = base.targets.get('hyPt8083')
    if (target === undefined) throw new Error('fixture')
    const resting = withNode(base, withFlags(target, snodeFlags.maintenance))
    expect(resting.version).toBe(7)
    expect(activeTargets(resting)).toEqual([])
    expect(activeTargets(base)).toHaveLength(1)
    const gone = withoutNode(resting, 'owHp8080')
    expect(gone.primaryId).toBe('')
    expect(withoutNode(gone, 'nobody')).toBe(gone)
    expect(withPrimary(base, 'owHp8080', 100).version).toBe(106)
    expect(() => withPrimary(emptySmap(), 'owHp8080')).toThrow('assert')
  })
})
