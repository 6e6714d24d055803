import type { Command } from './command.ts'

/** Where a command line leads. */
export type Found =
  | {
      readonly kind: 'command'
      readonly command: Command
      readonly args: readonly string[]
      readonly shown: string
    }
  | { readonly kind: 'group'; readonly path: string }
  | {
      readonly kind: 'unknown'
      readonly path: string
      readonly word: string
      /** What follows the word. */
      readonly rest: readonly string[]
    }

/**
 * Finds the command with the longest path that the words begin with. A first word that is an alias stands for its
 * command; messages then show what was typed.
 */
export function findCommand(
  words: readonly string[],
  commands: readonly Command[],
  aliases: Readonly<Record<string, string>>,
): Found {
  const [first = ''] = words
  const alias = Object.hasOwn(aliases, first) ? aliases[first] : undefined
  const expanded = alias === undefined ? words : [...alias.split(' '), ...words.slice(1)]
  const typed = (length: number) =>
    alias === undefined
      ? expanded.slice(0, length).join(' ')
      : [first, ...expanded.slice(alias.split(' ').length, length)].join(' ')

  const places = placesOf(commands)
  for (let length = Math.min(expanded.length, pathWordsMax); length > 0; length--) {
    const command = places.get(expanded.slice(0, length).join(' '))
    if (command === undefined) continue
    const args = expanded.slice(length)
    return { kind: 'command', command, args, shown: `ais ${typed(length)}` }
  }
  let path = ''
  for (const [at, word] of expanded.entries()) {
    const next = path === '' ? word : `${path} ${word}`
    const isGroup = [...places.keys()].some((place) => place.startsWith(`${next} `))
    if (!isGroup) {
      if (word.startsWith('-')) break
      return { kind: 'unknown', path, word, rest: expanded.slice(at + 1) }
    }
    path = next
  }
  return { kind: 'group', path }
}

const pathWordsMax = 4

function placesOf(commands: readonly Command[]): ReadonlyMap<string, Command> {
  const places = new Map<string, Command>()
  for (const command of commands) {
    for (const place of [command.path, ...(command.alsoAt ?? [])]) places.set(place, command)
  }
  return places
}

/** The nearest of `names` to a mistyped word, when it is near enough (edit distance). */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(editsMax, Math.floor(word.length / 2))
  for (const name of names) {
    const edits = editDistance(word, name)
    if (edits < least) {
      best = name
      least = edits
    }
  }
  return best
}

/** A word this far from a command is no misspelling of it. */
const editsMax = 3

/** Insertions, deletions, replacements and swaps of neighbours (Damerau-Levenshtein, adjacent). */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + cost,
      )
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1)
      }
      current.push(best)
    }
    before = previous
    previous = current
  }
  return previous[b.length] ?? 0
}
