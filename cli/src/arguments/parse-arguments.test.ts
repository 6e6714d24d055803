import { describe, expect, it } from 'vitest'
import { flag } from './flag-spec.ts'
import { parseArguments } from './parse-arguments.ts'
import { UsageError } from './usage-error.ts'

const specs = [
  flag.switch('yes,y', ''),
  flag.text('props', ''),
  flag.integer('limit', ''),
  flag.size('chunk-size', ''),
  flag.duration('refresh', ''),
  flag.text('units', ''),
]

describe('parseArguments', () => {
  it.each([
    [['b', '--props', 'name']],
    [['--props=name', 'b']],
    [['-props', 'name', 'b']],
    [['b', '-props=name']],
  ])('reads %j alike', (args) => {
    const { positionals, flags } = parseArguments(args, specs)
    expect(positionals).toEqual(['b'])
    expect(flags.text('props')).toBe('name')
  })

  it('takes no value for a switch, by any of its names', () => {
    const { positionals, flags } = parseArguments(['-y', 'b'], specs)
    expect(positionals).toEqual(['b'])
    expect(flags.has('yes')).toBe(true)
    expect(parseArguments(['--yes=false'], specs).flags.has('yes')).toBe(false)
  })

  it('keeps "-" and what follows "--"', () => {
    expect(parseArguments(['-', 'b', '--', '-y'], specs).positionals).toEqual(['-', 'b', '-y'])
  })

  it.each([
    [['--bogus'], 'flag provided but not defined: -bogus'],
    [['--props'], 'flag needs an argument: -props'],
    [['--yes=maybe'], 'invalid boolean value "maybe" for -yes'],
  ])('refuses %j', (args, message) => {
    expect(() => parseArguments(args, specs)).toThrow(new UsageError(message))
  })

  it('gives values their type', () => {
    const args = ['--limit', '3', '--chunk-size', '1mb', '--refresh', '10', '--units', 'si']
    const { flags } = parseArguments(args, specs)
    expect(flags.integer('limit')).toBe(3)
    expect(flags.size('chunk-size')).toBe(1_000_000)
    expect(flags.durationMs('refresh')).toBe(10_000)
    expect(flags.integer('absent')).toBeUndefined()
  })

  it.each([
    ['--limit=x', '-limit'],
    ['--chunk-size=much', '-chunk-size'],
    ['--refresh=x', '-refresh'],
    ['--units=x', '--units=x'],
  ])('refuses %s at once', (arg, name) => {
    expect(() => parseArguments([arg], specs)).toThrow(UsageError)
    expect(() => parseArguments([arg], specs)).toThrow(name)
  })
})
