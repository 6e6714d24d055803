import { flag } from '../../arguments/flag-spec.ts'
import { missingArguments } from '../../arguments/usage-error.ts'
import type { Command } from '../../command.ts'
import { parseRegex } from '../../listing/name-filter.ts'
import { printLine } from '../../output/messages.ts'

/** Words people use for what a command calls otherwise. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  append: ['concat'],
  backup: ['cp'],
  copy: ['cp'],
  del: ['rm', 'rmo', 'rmb'],
  delete: ['rm', 'rmo', 'rmb'],
  destroy: ['rm', 'rmb'],
  disk: ['storage', 'mountpath'],
  download: ['get'],
  list: ['ls'],
  move: ['mv'],
  multipart: ['mpu'],
  read: ['get', 'cat'],
  remove: ['rm', 'rmo', 'rmb'],
  rename: ['mv'],
  size: ['summary'],
  upload: ['put'],
  write: ['put'],
}

export const search: Command = {
  path: 'search',
  summary: 'Find commands by keyword',
  usage: 'KEYWORD [KEYWORD...] | --regex REGEX',
  flags: [flag.text('regex', 'only commands that match')],
  run(context) {
    const { args, commands, config, flags } = context
    const regex = flags.text('regex')
    if (args.length === 0 && regex === undefined) throw missingArguments('keyword')
    const lines = [
      ...commands.flatMap((command) => [command.path, ...(command.alsoAt ?? [])]),
      ...Object.keys(config.aliases),
    ]
    const pattern = regex === undefined ? undefined : parseRegex(regex)
    const wanted = args.map((word) => [word, ...(synonyms[word] ?? [])])
    const isMatch = (line: string) =>
      pattern === undefined
        ? wanted.every((words) => words.some((word) => line.split(/[ -]/).includes(word)))
        : pattern.test(line)
    const found = [...new Set(lines.filter(isMatch))].sort()
    for (const line of found) printLine(context, `ais ${line}`)
    if (found.length === 0) printLine(context, 'No commands found')
    return Promise.resolve()
  },
}
