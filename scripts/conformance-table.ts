// Renders what is kept in conformance/results as docs/conformance-results.md.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type KeptResults, resultsFolder } from './kept-results.ts'

const page = fileURLToPath(new URL('../docs/conformance-results.md', import.meta.url))

/** What was run, in the order of the table; a file that is not named here comes last, under its own name. */
const subjects: Readonly<Record<string, string>> = {
  node: 'gateway and targets on Node',
  bun: 'gateway and targets on Bun',
  deno: 'gateway on Deno, targets on Node',
  mixed: 'gateways on Node, Deno and Bun, targets on Node and Bun',
  container: 'the command of the image, 1 CPU and 256 MiB for each node',
  original: 'the Go original, with `--reference`',
}

async function read(name: string): Promise<string | undefined> {
  return readFile(`${resultsFolder}${name}.json`, 'utf8').catch(() => undefined)
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function summaryTable(kept: ReadonlyMap<string, KeptResults>): string[] {
  const rows = [...kept].map(([name, { profile, serverVersion, summary }]) => {
    const { passed, failed, notTested } = summary
    const what = cell(subjects[name] ?? name)
    return `| ${name} | ${what} | ${profile} | ${serverVersion} | ${passed} | ${failed} | ${notTested} |`
  })
  return [
    '| | what ran | profile | version | passed | failed | not tested |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ]
}

function troubleTable(kept: ReadonlyMap<string, KeptResults>): string[] {
  const rows = [...kept].flatMap(([name, { results }]) =>
    Object.entries(results)
      .filter(([, outcome]) => outcome === 'failed')
      .map(([id]) => `| ${name} | \`${id}\` |`),
  )
  if (rows.length === 0) return ['No case failed.']
  return ['| run | failed |', '| --- | --- |', ...rows]
}

function corruptionTable(noticed: Readonly<Record<string, readonly string[]>>): string[] {
  const all = Object.entries(noticed)
  const missed = all.filter(([, cases]) => cases.length === 0)
  return [
    `${all.length} corruptions, ${missed.length} not noticed.`,
    '',
    '| corruption | cases that noticed | such as |',
    '| --- | --- | --- |',
    ...all.map(
      ([id, cases]) => `| \`${id}\` | ${cases.length} | ${cases[0] ? `\`${cases[0]}\`` : ''} |`,
    ),
  ]
}

/** @returns the page, as the kept results say it */
export async function conformanceTable(): Promise<string> {
  const names = (await readdir(resultsFolder)).map((file) => file.replace(/\.json$/, ''))
  const order = [...Object.keys(subjects), ...names.sort()]
  const kept = new Map<string, KeptResults>()
  for (const name of new Set(order)) {
    const text = name === 'corruptions' ? undefined : await read(name)
    if (text !== undefined) kept.set(name, JSON.parse(text))
  }
  const corruptions = await read('corruptions')
  const differences = Object.entries(kept.get('original')?.differences ?? {})
  const lines = [
    '# Conformance: results',
    '',
    'Written by `node scripts/conformance-table.ts` from `conformance/results`. What the suite is: `conformance.md`.',
    '',
    ...summaryTable(kept),
    '',
    ...troubleTable(kept),
    '',
    '## Differences from the original that the suite shows',
    '',
    'With `--reference` each of these cases must fail there in this way; why we differ: `deviations.md`. What was not',
    'tested there rests on S3 without signatures, tags of redirects, `X-HTTP-Method-Override`, the guard against pages.',
    '',
    '| case | the original |',
    '| --- | --- |',
    ...differences.map(([id, what]) => `| \`${id}\` | ${cell(what)} |`),
    ...(corruptions === undefined
      ? []
      : ['', '## Corruptions', '', ...corruptionTable(JSON.parse(corruptions))]),
  ]
  return `${lines.join('\n')}\n`
}

if (import.meta.main) await writeFile(page, await conformanceTable())
