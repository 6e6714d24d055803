import { fileURLToPath } from 'node:url'
import { runtimeCommand } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { run } from '../harness/command.ts'
import type { Row, Subject } from '../harness/row.ts'

const program = fileURLToPath(new URL('../harness/sigv4-program.ts', import.meta.url))

function subject(runtime: 'bun' | 'node'): Subject {
  return {
    name: runtime,
    async measure(seconds) {
      const { command, args } = runtimeCommand(runtime, program)
      return { value: Number(await run(command, [...args, String(seconds)])) }
    },
  }
}

/** Per second of one core's time. Wanted: 30,000 on Node, 100,000 on Bun. */
export const sigv4: Row = {
  name: 'sigv4',
  question: 'How many signatures of requests as boto3 sends them does one core verify a second?',
  unit: 'requests/s',
  reference: 'node',
  subjects: () => Promise.resolve([subject('node'), subject('bun')]),
}
