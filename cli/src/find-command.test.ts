import { describe, expect, it } from 'vitest'
import { commands } from './commands/registry.ts'
import { defaultAliases } from './config/default-aliases.ts'
import { editDistance, findCommand, nearest } from './find-command.ts'

const find = (line: string) => findCommand(line.split(' '), commands, defaultAliases)

describe('findCommand', () => {
  it('follows an alias and shows what was typed', () => {
    expect(find('ls ais://b')).toMatchObject({
      kind: 'command',
      shown: 'ais ls',
      args: ['ais://b'],
    })
    expect(find('mpu create ais://b/o')).toMatchObject({ shown: 'ais mpu create' })
  })

  it('prefers the longest path', () => {
    const cluster = find('show cluster smap')
    expect(cluster.kind === 'command' && cluster.command.path).toBe('show cluster smap')
    expect(find('show cluster target')).toMatchObject({ args: ['target'] })
  })

  it('tells groups and unknown words apart', () => {
    expect(find('bucket')).toEqual({ kind: 'group', path: 'bucket' })
    expect(find('bucket nonsense a -b')).toEqual({
      kind: 'unknown',
      path: 'bucket',
      word: 'nonsense',
      rest: ['a', '-b'],
    })
    expect(find('nonsense')).toEqual({ kind: 'unknown', path: '', word: 'nonsense', rest: [] })
  })
})

it('finds misspelled words, not other words', () => {
  expect(nearest('bukcet', ['bucket', 'object'])).toBe('bucket')
  expect(nearest('zzzzzz', ['bucket', 'object'])).toBeUndefined()
  expect(editDistance('put', 'ptu')).toBe(1)
  expect(editDistance('', 'abc')).toBe(3)
})

it('has every place in the tree once, and a summary for each command', () => {
  const places = commands.flatMap((command) => [command.path, ...(command.alsoAt ?? [])])
  expect(new Set(places).size).toBe(places.length)
  expect(commands.filter((command) => command.summary === '')).toEqual([])
})

it('registers every command file', async () => {
  const { readdir, readFile } = await import('node:fs/promises')
  const root = new URL('./commands/', import.meta.url)
  const registry = await readFile(new URL('registry.ts', root), 'utf8')
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith('.ts'))
  const unregistered: string[] = []
  for (const file of files) {
    const text = await readFile(new URL(file, root), 'utf8')
    const isCommand = /^export const \w+: Command = /m.test(text)
    if (isCommand && !registry.includes(`./${file}`)) unregistered.push(file)
  }
  expect(unregistered).toEqual([])
})

it('every command says how many arguments it takes, or shows that it takes any number', () => {
  // `object put --append` joins any number of files.
  const free = commands.filter(({ usage }) => usage.includes('...')).map(({ path }) => path)
  const unstated = commands.filter(({ argsMax }) => argsMax === undefined).map(({ path }) => path)
  expect(unstated.filter((path) => !free.includes(path))).toEqual([
    'object put',
    'job start download',
  ])
})
