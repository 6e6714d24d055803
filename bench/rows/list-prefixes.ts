import { bucket } from '../harness/cluster.ts'
import { startGrownCluster } from '../harness/grown-cluster.ts'
import type { Lab } from '../harness/lab.ts'
import type { Row, Subject } from '../harness/row.ts'
import { makeS3User, signedHeaders } from '../harness/s3-user.ts'

const keys = 1_000_000
const prefixes = 10
const path = `/s3/${bucket}?delimiter=%2F&list-type=2`

const nameOf = (number: number) =>
  `prefix-${number % prefixes}/key-${String(number).padStart(9, '0')}`

async function subject(lab: Lab, name: 'bun' | 'node'): Promise<Subject> {
  const { endpoint } = await startGrownCluster(lab, name, keys, 'prefixes', nameOf)
  await makeS3User(endpoint)
  return {
    name,
    async measure(seconds) {
      const waits: number[] = []
      const endsAt = performance.now() + seconds * 1_000
      while (performance.now() < endsAt) {
        const headers = [...signedHeaders(endpoint, 'GET', path, [], new Uint8Array())].map(
          ([name, value]): [string, string] => [name, value],
        )
        const startedAt = performance.now()
        const answer = await fetch(endpoint + path, { headers })
        const text = await answer.text()
        waits.push(performance.now() - startedAt)
        const found = text.match(/<CommonPrefixes>/g)?.length
        if (found !== prefixes) throw new Error(`${name}: ${answer.status} ${text.slice(0, 300)}`)
      }
      waits.sort((a, b) => a - b)
      const at = (share: number) => waits[Math.floor((waits.length - 1) * share)] ?? Number.NaN
      return { value: at(0.5), p50Ms: at(0.5), p99Ms: at(0.99) }
    },
  }
}

/** Its wanted value is the target's; the gateway's part is in it. */
export const listPrefixes: Row = {
  name: 'list-prefixes',
  question: 'How long does S3 take to list a million keys under ten prefixes with a delimiter?',
  unit: 'ms',
  reference: 'node',
  limits: { bun: 50, node: 50 },
  warmsUp: true,
  subjects: async (lab) => [await subject(lab, 'bun'), await subject(lab, 'node')],
}
