import { beforeEach, describe, expect, it } from 'vitest'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Log } from '../ports/log.ts'
import { applySetConfig, defaultClusterConfig } from './cluster-config.ts'
import { openNodeConfig } from './node-config.ts'

/** A store in memory, and what it kept. */
function memoryStore(): DocumentStore & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>()
  return {
    texts,
    load: async (name) => texts.get(name),
    save: async (name, text) => {
      texts.set(name, text)
    },
    remove: async (name) => {
      texts.delete(name)
    },
  }
}

let cluster = defaultClusterConfig()
let store = memoryStore()
let logged: string[] = []
const add = (message: string) => {
  logged.push(message)
}
const log: Log = { debug: add, info: add, warn: add, error: add }

const open = () => openNodeConfig({ store, log, cluster: () => cluster })

beforeEach(() => {
  cluster = defaultClusterConfig()
  store = memoryStore()
  logged = []
})

describe('settings of one node', () => {
  it('are those of the cluster until something is set', async () => {
    const node = await open()
    expect(node.current()).toBe(cluster)
    expect(store.texts.size).toBe(0)
  })

  it('win over the cluster config, outlive its changes and a restart, and go with reset-config', async () => {
    const node = await open()
    await node.set({ LOG: { Level: '4' } }, { transient: false })
    cluster = applySetConfig(cluster, { log: { level: '5', flush_time: '41s' } })
    expect(node.current().log).toMatchObject({ level: '4', flush_time: 41_000 })
    const again = await open()
    expect(again.current().log.level).toBe('4')
    expect(again.current()).toBe(again.current())
    await again.reset()
    expect(again.current()).toBe(cluster)
    expect((await open()).current()).toBe(cluster)
  })

  it('forget what was transient at the next start, unlike upstream also after something was kept', async () => {
    const node = await open()
    await node.set({ log: { flush_time: '41s' } }, { transient: true })
    await node.set({ log: { level: '4' } }, { transient: false })
    expect(node.current().log).toMatchObject({ level: '4', flush_time: 41_000 })
    expect((await open()).current().log).toMatchObject({ level: '4', flush_time: 60_000 })
  })

  it('take what was set last, transient or not', async () => {
    const node = await open()
    await node.set({ log: { level: '4' } }, { transient: true })
    await node.set({ log: { level: '5' } }, { transient: false })
    expect(node.current().log.level).toBe('5')
    await node.set({ log: { level: '1' } }, { transient: true })
    expect(node.current().log.level).toBe('1')
  })

  it.each([
    [{ mirror: { copies: 3 } }, '"mirror.copies": mirror configuration can only be globally'],
    [{ features: '16' }, 'features configuration'],
    [{ nosuch: 1 }, 'unknown field "nosuch"'],
    [{ log: { nosuch: 1 } }, 'unknown field "log.nosuch"'],
    [{ uuid: 'x' }, '"uuid": is read-only'],
    [{ disk: { disk_util_low_wm: 100 } }, '"disk.disk_util_low_wm"'],
    [{ disk: { disk_util_low_wm: 99 } }, 'disk.disk_util_low_wm=99 < disk.disk_util_high_wm=80'],
    [{ log: { level: '4' }, ec: { enabled: true } }, '"ec.enabled"'],
    [{}, 'no properties to update'],
    [null, 'no properties to update'],
  ])('refuse %j and stay as they are', async (json, why) => {
    const node = await open()
    await expect(node.set(json, { transient: false })).rejects.toThrow(why)
    expect(node.current()).toBe(cluster)
    expect(store.texts.size).toBe(0)
  })

  it('refuse to forget what all nodes share', async () => {
    const node = await open()
    await expect(node.set({ ec: { enabled: true } }, { transient: true })).rejects.toThrow(
      'ec (cluster-scoped) configuration cannot be changed transiently',
    )
  })

  it('give way, loudly, when the cluster moves to where they do not fit', async () => {
    const node = await open()
    await node.set({ disk: { disk_util_low_wm: 70 } }, { transient: false })
    cluster = applySetConfig(cluster, { disk: { disk_util_high_wm: 60 } })
    expect(node.current().disk.disk_util_low_wm).toBe(20)
    expect(logged.join()).toContain('do not fit')
  })

  it('say what needs a restart', async () => {
    const node = await open()
    await node.set({ memsys: { hk_time: '4m' } }, { transient: false })
    expect(logged).toContain('settings take effect after a restart')
  })
})
