import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setUp } from './set-up.ts'

describe('the configuration of a cluster', () => {
  let world: Awaited<ReturnType<typeof setUp>>

  beforeAll(async () => {
    world = await setUp()
  })

  afterAll(() => world.tearDown())

  it('changes the cluster configuration, all or nothing', async () => {
    const { ais, fails, cells } = world
    const set = cells(await ais('config cluster checksum.type=md5 log.level=4'))
    expect(set).toContainEqual(['checksum.type', 'md5'])
    expect(set).toContainEqual(['Cluster config updated'])
    expect(await ais('show config cluster checksum.type -H')).toContain('md5')
    expect(await fails('config cluster checksum.type=xxhash2 nosuch=1')).toContain('nosuch')
    expect(await ais('show config cluster checksum.type -H')).toContain('md5')
    await ais('config cluster checksum.type=xxhash2')
    expect(await fails('config reset')).toContain('cluster | NODE_ID | cli')
  })

  it('changes settings of one node, and takes them back', async () => {
    const { ais, fails, cells } = world
    const id = (await ais('advanced random-node')).trim()
    const log = async () => cells(await ais(`config node ${id} inherited log`))
    expect(await ais(`config node ${id} log.stats_time=4m`)).toContain(
      `node t[${id}] config updated`,
    )
    await ais(`config node t[${id}] inherited log.flush_time 41s --transient`)
    expect(await log()).toContainEqual(['log.stats_time', '4m', '3m'])
    expect(await log()).toContainEqual(['log.flush_time', '41s', '1m'])
    expect(await fails(`config node ${id} ec.enabled=true`)).toContain('globally updated')
    expect(await fails(`config node ${id} nosuch=1`)).toContain('invalid property name "nosuch"')
    expect(await fails(`config node ${id} local host_net.port=1`)).toContain('edit its file')
    expect(await fails('config node nosuch log.level=4')).toContain('does not exist')
    await ais(`config reset ${id}`)
    expect(await log()).toContainEqual(['log.stats_time', '3m', '-'])
    await ais('config cluster log.flush_time=42s --transient')
    expect(await log()).toContainEqual(['log.flush_time', '42s', '-'])
    await ais('config reset cluster')
    expect(await log()).toContainEqual(['log.flush_time', '1m', '-'])
  })
})

describe('the ais command and who is in service', () => {
  let world: Awaited<ReturnType<typeof setUp>>

  beforeAll(async () => {
    world = await setUp({ proxies: 2, targets: 2 })
  })

  afterAll(() => world.tearDown())

  it('shows performance, health and the cluster at a glance', async () => {
    const { ais, fails, cells, server } = world
    const idle = cells(await ais('show dashboard'))
    expect(idle.slice(0, 3)).toEqual([
      ['Performance and Health:'],
      ['   State:', 'Operational'],
      ['   I/O Errors:', '0'],
    ])
    expect(idle).toContainEqual(['   Storage:', '4 mountpaths (all healthy)'])
    expect(idle).toContainEqual(['Cluster:'])
    const [id] = server.targets.map(({ snode }) => snode.daemonId)
    await ais(`cluster add-remove-nodes start-maintenance ${id} --no-rebalance -y`)
    const text = await ais('cluster dashboard --verbose')
    expect(text).toContain('1 node report alerts and/or warnings: [1 warning, 1 in maintenance]')
    expect(text).toContain(`Maintenance (1/2):   t[${id}]`)
    await ais(`cluster add-remove-nodes stop-maintenance ${id} -y`)
    expect(JSON.parse(await ais('show dashboard --json'))).toHaveProperty('Smap')
    expect(await fails('show dashboard x')).toContain('too many arguments')
  })

  it('starts, shows and stops a rebalance', async () => {
    const { ais, fails, server } = world
    const [target] = server.targets.map(({ snode }) => snode.daemonId)
    expect(await ais('show rebalance')).toContain('Global rebalance is not running')
    const started = await ais('cluster rebalance start')
    const [, id] = /^Started rebalance\[(g\d+)\]/.exec(started) ?? []
    expect(id).toBeDefined()
    const row = await ais(`show rebalance ${id} t[${target}] -H`)
    expect(row).toMatch(new RegExp(`^${id}   ${target}   0   0B   0   0B   [^\\n]+\\n$`))
    expect(await ais('cluster rebalance stop')).toMatch(/nothing to do|Stopped rebalance/)
    expect(await ais('show rebalance --all')).toContain(id)
    expect(await fails('show rebalance g999')).toContain('not found')
  })

  it('disables disks and enables them, takes them away and gives them back', async () => {
    const { ais, fails, server } = world
    const [target] = server.targets.map(({ snode }) => snode.daemonId)
    const show = () => ais(`storage mountpath show ${target}`)
    const [, path] = /(\/\S+mp1) /.exec(await show()) ?? []
    const disk = `t[${target}]=${path}`
    expect(await ais(`storage mountpath disable ${disk}`)).toBe(
      `t[${target}]: mountpath "${path}" is now disabled\n`,
    )
    expect(await show()).toContain('Disabled:')
    await ais(`storage mountpath enable ${disk}`)
    expect(await show()).not.toContain('Disabled:')
    await ais(`storage mountpath detach ${disk} --no-resilver`)
    expect(await show()).not.toContain(path)
    await ais(`storage mountpath attach ${disk} --label fast`)
    expect(await ais(`show cluster ${target} --json`)).toContain('"mountpath_label": "fast"')
    expect(await ais(`storage mountpath rescan-disks ${disk}`)).toContain('re-scanned')
    expect(await show()).toContain(path)
    expect(await fails(`storage mountpath attach ${target}`)).toContain('TARGET_ID=MOUNTPATH')
    expect(await fails(`storage mountpath detach ${target}=/no/such`)).toContain('/no/such')
  })

  it('looks after nodes while they serve', async () => {
    const { ais, fails, server } = world
    const [target] = server.targets.map(({ snode }) => snode.daemonId)
    expect(await ais('cluster reset-stats')).toBe('Cluster stats successfully reset\n')
    expect(await ais(`cluster reset-stats ${target} --errors-only`)).toBe(
      `t[${target}] error metrics successfully reset\n`,
    )
    expect(await ais('cluster drop-lcache')).toContain('caches cluster-wide')
    expect(await ais(`cluster drop-lcache ${target}`)).toContain(`t[${target}]`)
    expect(await fails('cluster drop-lcache nosuch')).toContain('does not exist')
    expect(await ais('cluster reload-backend-creds')).toBe('')
    expect(await ais('advanced rotate-logs')).toBe('cluster: rotated all logs\n')
    expect(await ais(`advanced random-mountpath ${target}`)).toMatch(/^\/\S+mp\d\n$/)
    expect(await ais(`show cluster smap ${target}`)).toContain(`Cluster map from: t[${target}]`)
  })

  it('has another gateway lead, takes nodes out and brings them back', async () => {
    const { ais, fails, server } = world
    const [first, second] = server.proxies.map(({ snode }) => snode.daemonId)
    const [target] = server.targets.map(({ snode }) => snode.daemonId)
    const change = 'cluster add-remove-nodes'
    expect(await ais(`cluster set-primary p[${second}]`)).toBe(
      `p[${second}] is now a new primary\n`,
    )
    expect(await fails(`cluster set-primary ${target}`)).toContain(`t[${target}] is not a proxy`)
    const out = await ais(`${change} start-maintenance ${target},${first} --no-rebalance -y`)
    expect(out).toContain(`t[${target}] is now in maintenance mode\np[${first}] is now in`)
    const block = await ais('show cluster')
    expect(block).toContain('1 inactive')
    expect(block).toMatch(/Status:\s+\[2 maintenance, 2 online\]/)
    expect(await fails(`cluster set-primary ${first}`)).toContain('is currently in maintenance')
    const asked = await ais(`${change} stop-maintenance ${target} ${first} --no-rebalance`, 'y\n')
    expect(asked).toContain(`t[${target}] is now active\np[${first}] is now active\n`)
    expect(await fails(`${change} start-maintenance ${second} -y`)).toContain('is primary')
    expect(await fails(`${change} decommission ${target} ${target} -y`)).toContain('more than once')
    expect(await fails(`${change} shutdown`)).toContain('missing "NODE_ID" argument')
    expect(await fails(`${change} join 127.0.0.1 --role t`)).toContain("expecting 'IPv4:PORT'")
    expect(await fails(`${change} join 127.0.0.1:1`)).toContain('invalid aisnode role')
    expect(await fails(`${change} join 127.0.0.1:1 --role p`)).toContain('failed to reach a proxy')
    expect(await ais(`advanced remove-from-smap ${target}`)).toBe('')
    expect(await ais(`show cluster smap`)).not.toContain(target)
  })

  it('ends it', async () => {
    const { ais, server } = world
    expect(await ais('cluster shutdown', 'n\n')).toContain('Operation canceled.')
    expect(await ais('cluster shutdown -y')).toBe('Cluster successfully shut down\n')
    await Promise.all(server.proxies.map(({ gone }) => gone))
  })
})
