import { describe, expect, it } from 'vitest'
import { parseAisnode, UsageError } from './aisnode-options.ts'

const needed = ['-role=target', '--config', 'c.json', '-local_config=l.json']

describe('aisnode options', () => {
  it('takes one dash or two, a value behind = or after a space', () => {
    const options = parseAisnode([...needed, '--daemon_id=t1234567', '-ntargets', '3'], {})
    expect(options).toMatchObject({
      role: 'target',
      config: 'c.json',
      localConfig: 'l.json',
      daemonId: 't1234567',
      targetsExpected: 3,
      logToStderr: false,
    })
  })

  it('reads overrides and the environment', () => {
    const args = [...needed, '-config_custom=log.level=4,lru.enabled=true', '-transient']
    expect(parseAisnode(args, { AIS_DAEMON_ID: 'fromenv12' })).toMatchObject({
      daemonId: 'fromenv12',
      transient: true,
      configCustom: [
        ['log.level', '4'],
        ['lru.enabled', 'true'],
      ],
    })
    const both = parseAisnode([...needed, '-daemon_id=t1234567'], { AIS_DAEMON_ID: 'fromenv12' })
    expect(both).toMatchObject({ daemonId: 't1234567', transient: false })
  })

  it('answers help and version before anything is missing', () => {
    expect(parseAisnode(['-help'], {})).toBe('help')
    expect(parseAisnode(['--version'], {})).toBe('version')
    expect(parseAisnode(['version'], {})).toBe('version')
  })

  it.each([
    [['-role=chief'], 'chief'],
    [[], '-role'],
    [['-role=proxy'], '-config'],
    [['-role=proxy', '-config=c'], '-local_config'],
    [[...needed, '-whatever'], '-whatever'],
    [[...needed, '-ntargets', 'x'], '-ntargets'],
    [[...needed, '-config_custom=x'], 'x'],
    [[...needed, 'stray'], 'stray'],
    [['-role'], '-role'],
  ])('refuses %o, naming %s', (args, name) => {
    expect(() => parseAisnode(args, {})).toThrow(UsageError)
    expect(() => parseAisnode(args, {})).toThrow(name)
  })
})
