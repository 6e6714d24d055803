/** What a test of the suite came to. */
export type TestResult = 'passed' | 'failed' | 'skipped'

/** File and name of a test, to what it came to. */
export type TestResults = ReadonlyMap<string, TestResult>

const casePattern = /<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g

function attribute(text: string, name: string): string {
  return new RegExp(`(?:^| )${name}="([^"]*)"`).exec(text)?.[1] ?? ''
}

/**
 * Reads pytest's report. A test that passed and whose clean-up failed has two entries: the worse one is its result.
 * @param xml in JUnit's form
 */
export function readReport(xml: string): Map<string, TestResult> {
  const results = new Map<string, TestResult>()
  for (const [, head = '', body = ''] of xml.matchAll(casePattern)) {
    const file = attribute(head, 'classname').split('.').at(-1) ?? ''
    const name = `${file}::${attribute(head, 'name')}`
    const result = /<(?:failure|error)\b/.test(body)
      ? 'failed'
      : /<skipped\b/.test(body)
        ? 'skipped'
        : 'passed'
    if (results.get(name) !== 'failed') results.set(name, result)
  }
  return results
}

/** The list that is kept: one test a line, in order of names. */
export function writeResults(results: TestResults): string {
  const lines = [...results].map(([name, result]) => `${result} ${name}`)
  return `${lines.sort((a, b) => (a.slice(a.indexOf(' ')) < b.slice(b.indexOf(' ')) ? -1 : 1)).join('\n')}\n`
}

/** @throws Error naming a line that is none */
export function readResults(text: string): Map<string, TestResult> {
  const results = new Map<string, TestResult>()
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [result, name] = line.split(' ')
    const isKnown = result === 'passed' || result === 'failed' || result === 'skipped'
    if (!isKnown || name === undefined) throw new Error(`the list of results: "${line}"`)
    results.set(name, result)
  }
  return results
}

/** Tests that passed by the list and did not now; those that did not run are none of them. */
export function regressions(kept: TestResults, now: TestResults): string[] {
  return [...now].flatMap(([name, result]) =>
    kept.get(name) === 'passed' && result !== 'passed' ? [name] : [],
  )
}
