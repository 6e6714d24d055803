import { tabwriter } from '../../output/tabwriter.ts'

/** Aliases sorted by what they stand for. */
export function aliasTable(aliases: Readonly<Record<string, string>>): string {
  const rows = Object.entries(aliases)
    .sort(([, a], [, b]) => (a < b ? -1 : 1))
    .map(([alias, command]) => `${alias}\t${command}\n`)
  return tabwriter(`ALIAS\tCOMMAND\n=====\t=======\n${rows.join('')}`)
}
