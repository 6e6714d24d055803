// Uses stock clients, unpatched, in their pinned versions and with default settings, on a cluster of its own.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type LaunchedCluster, launchCluster } from '../stock/launched-cluster.ts'
import { awsSdkJs } from './aws-sdk-js.ts'
import { chromium } from './chromium.ts'
import type { Client, Setting } from './client.ts'
import { commandLineClients } from './command-line-clients.ts'
import { pythonClients } from './python-clients.ts'

const clients: readonly Client[] = [awsSdkJs, ...pythonClients, ...commandLineClients, chromium]

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    port: { type: 'string', default: '30400' },
    keep: { type: 'boolean', default: false },
  },
})

interface Row {
  readonly name: string
  readonly result: 'passed' | 'failed' | 'not to be had'
  readonly text: string
}

async function use(client: Client, settingOf: () => Promise<Setting>): Promise<Row> {
  const { name } = client
  let program: string
  try {
    program = await client.prepare()
  } catch (error) {
    return { name, result: 'not to be had', text: reasonOf(error) }
  }
  try {
    return { name, result: 'passed', text: await client.exercise(program, await settingOf()) }
  } catch (error) {
    return { name, result: 'failed', text: reasonOf(error) }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function useAll(cluster: LaunchedCluster, folder: string): Promise<number> {
  const user = await cluster.makeUser('clients')
  const endpoint = `http://localhost:${cluster.s3Port}`
  let number = 0
  let failed = 0
  for (const client of clients) {
    if (values.only !== undefined && !client.name.includes(values.only)) continue
    number += 1
    const own = join(folder, String(number))
    await mkdir(own)
    const row = await use(client, async () => ({
      endpoint,
      accessKey: user.accessKey,
      secretKey: user.secretKey,
      bucket: `client-${number}`,
      folder: own,
      environment: {
        HOME: own,
        AWS_ACCESS_KEY_ID: user.accessKey,
        AWS_SECRET_ACCESS_KEY: user.secretKey,
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: endpoint,
      },
    }))
    if (row.result === 'failed') failed += 1
    process.stdout.write(`${row.name.padEnd(24)} ${row.result.padEnd(14)} ${row.text}\n`)
    if (!values.keep) await rm(own, { recursive: true, force: true })
  }
  return failed
}

const folder = await mkdtemp(join(tmpdir(), 'aistore-clients-'))
const cluster = await launchCluster(Number(values.port))
try {
  process.exitCode = (await useAll(cluster, folder)) === 0 ? 0 : 1
} finally {
  await cluster.stop()
  if (!values.keep) await rm(folder, { recursive: true, force: true })
}
