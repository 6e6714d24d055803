import { readFileSync, writeFileSync } from 'node:fs'
import type { Result } from './result.ts'

const readme = new URL('../README.md', import.meta.url)
const begin = '<!-- results: written by `npm run bench` -->'
const end = '<!-- end of results -->'

/** A subject's name and how it did, for the terminal. */
export function describeResult(result: Result): string {
  const lines = [`${result.row} (${result.unit}; ${result.reference} = 1)`]
  for (const [name, subject] of Object.entries(result.subjects)) {
    const goal = result.goals[name]
    const busy =
      subject.serverBusy === undefined
        ? ''
        : `  cores ${percent(subject.serverBusy)} server, ${percent(subject.clientBusy ?? 0)} client`
    const tail =
      subject.p99Ms === undefined ? '' : `  p50 ${subject.p50Ms} ms, p99 ${subject.p99Ms} ms`
    const limit = result.limits?.[name]
    const most = limit === undefined ? '' : ` (at most ${limit})`
    const wanted = goal === undefined ? most : ` (goal ${goal})`
    lines.push(
      `  ${name.padEnd(11)} ${String(subject.value).padStart(8)}  ${subject.ratio.toFixed(2)}${wanted}${tail}${busy}`,
    )
  }
  return lines.join('\n')
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** Of the tables: who answers, and for rows about growth how many objects there are. */
const servers = ['nginx', 'nginx-256k', 'bare-bun', 'bun', 'bare-node', 'node', 'original'] as const
const growth = ['1k', '100k', '1m'] as const
/** Of rows that ask a mountpath when a small body gets its file. */
const writing = ['plain', 'files', 'inline'] as const
/** Of rows that compare two ways to the same target. */
const ways = ['direct', 'native', 'bun', 'node'] as const
/** Of rows about one server: GETs and batches by the Python SDK, GETs by ours. */
const batches = ['gets', 'batch', 'sdk-1', 'sdk-16'] as const

function cell(result: Result, name: string): string {
  const subject = result.subjects[name]
  if (subject === undefined) return ''
  const goal = result.goals[name]
  const ratio = name === result.reference ? '' : ` (${subject.ratio.toFixed(2)})`
  const missed = goal !== undefined && subject.ratio < goal ? ` of ${goal}` : ''
  const limit = result.limits?.[name]
  const over = limit !== undefined && subject.value > limit ? ` over ${limit}` : ''
  const p99 = subject.p99Ms === undefined ? '' : `; ${subject.p99Ms} ms`
  return `${Math.round(subject.value).toLocaleString('en')}${ratio}${missed}${over}${p99}`
}

/** The rows that have one of `columns`, as a table. */
function linesOf(results: readonly Result[], columns: readonly string[]): readonly string[] {
  const shown = results.filter(({ subjects }) => columns.some((name) => subjects[name]))
  return [
    `| row | unit | ${columns.join(' | ')} |`,
    `| --- | --- | ${columns.map(() => '---').join(' | ')} |`,
    ...shown.map(
      (result) =>
        `| ${result.row} | ${result.unit} | ${columns.map((name) => cell(result, name)).join(' | ')} |`,
    ),
  ]
}

/** Puts the tables of all kept results into the README: values, ratios, and the goal where it is missed. */
export function writeTable(results: readonly Result[]): void {
  const newest = results.map(({ machine, date }) => ({ machine, date })).at(-1)
  if (newest === undefined) return
  const { machine, date } = newest
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`)
  const table = [
    begin,
    '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGib} GiB, Linux ${machine.kernel}; ${versions.join(', ')}; commit ${machine.commit}, ${date.slice(0, 10)}. Each row's JSON has its own.`,
    '',
    ...linesOf(
      results.filter(({ reference }) => reference !== 'direct'),
      servers,
    ),
    '',
    ...linesOf(
      results.filter(({ reference }) => reference === 'direct'),
      ways,
    ),
    '',
    ...linesOf(results, growth),
    '',
    ...linesOf(results, writing),
    '',
    ...linesOf(results, batches),
    '',
    end,
  ].join('\n')
  const text = readFileSync(readme, 'utf8')
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < 0) throw new Error('bench/README.md has lost the marks of its table')
  writeFileSync(readme, text.slice(0, from) + table + text.slice(to + end.length))
}
