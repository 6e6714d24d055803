import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { endpoints } from '@aistore-ts/core/api/registry.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from '../stock/free-port.ts'
import { type LaunchedCluster, launchCluster } from '../stock/launched-cluster.ts'

/** No secret looks like these: wherever one turns up, in whatever form, it leaked. */
const sealing = 'ca9a5eed'.repeat(8)
const canaries = {
  'the key-encryption key': sealing,
  'an environment variable': 'CANARY-of-the-environment-0123456789',
  'a secret of an access key': 'CANARY0123456789canary0123456789CANARYxx',
  'the key that signs tokens': 'CANARY-that-signs-tokens-0123456789abcdef',
}

/** In the forms in which programs write bytes. */
const forms = Object.entries(canaries).flatMap(([what, text]) =>
  [text, Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64').slice(0, -4)]
    .concat(text === sealing ? Buffer.from(sealing, 'hex').toString('base64').slice(0, -4) : [])
    .map((form) => [what, form] as const),
)

function leaksOf(text: string): string[] {
  return forms.filter(([, form]) => text.includes(form)).map(([what]) => what)
}

let cluster: LaunchedCluster
const { 'a secret of an access key': secret, 'the key that signs tokens': signing } = canaries

beforeAll(async () => {
  cluster = await launchCluster(await freePort([1, 2, 100]), {
    AIS_CREDENTIALS_KEY: sealing,
    AWS_SECRET_ACCESS_KEY: canaries['an environment variable'],
    AIS_AUTHN_TOKEN: canaries['an environment variable'],
  })
})
afterAll(() => cluster.stop())

/** What an answer says altogether: its status line, its headers and its body. */
async function ask(url: string, method = 'GET', init: RequestInit = {}): Promise<string> {
  const answer = await fetch(url, { method, redirect: 'manual', ...init })
  return `${JSON.stringify([...answer.headers])}\n${await answer.text()}`
}

const topics = [
  ...['smap', 'bmd', 'snode', 'config', 'smapvote', 'node_stats', 'node_status', 'metrics'],
  ...['software_version', 'sysinfo', 'log', 'tls_certificate', 'disk', 'remote', 'mountpaths'],
  ...['cluster_config', 'backends', 'target_ips', 'status', 'status_all', 'qryxstats'],
  ...['running_all', 'nonsense', signing],
]

it('S11: no endpoint, error page, metric or log of any node shows a secret', async () => {
  const { endpoint, s3Port, dir } = cluster
  const post = (path: string, body: unknown) =>
    ask(`${endpoint}/v1/${path}`, 'POST', { body: JSON.stringify(body) })
  await post('credentials/users', { id: 'ann' })
  const made = await post('credentials/keys', {
    user: 'ann',
    access_key: 'ANN',
    secret_key: secret,
  })
  expect(leaksOf(made), 'the answer that makes a key has its secret').toHaveLength(1)
  const auth = { auth: { signature: { key: signing, method: 'HS256' } } }
  const set = JSON.stringify({ action: 'set-config', value: auth })
  expect(leaksOf(await ask(`${endpoint}/v1/cluster`, 'PUT', { body: set }))).toEqual([])

  const smap = JSON.parse(await (await fetch(`${endpoint}/v1/daemon?what=smap`)).text())
  const nodes: Record<string, { direct_url: string }>[] = [
    ...Object.values<Record<string, { direct_url: string }>>(smap.pmap),
    ...Object.values<Record<string, { direct_url: string }>>(smap.tmap),
  ]
  const origins = nodes.flatMap((node) =>
    ['public_net', 'intra_control_net', 'intra_data_net'].map((net) => node[net]?.direct_url ?? ''),
  )
  const resources = [...new Set(endpoints.map(({ resource }) => resource))]
  const asked: [url: string, method: string, init?: RequestInit][] = []
  for (const origin of new Set(origins)) {
    asked.push([`${origin}/metrics`, 'GET'], [`${origin}/`, 'GET'], [`${origin}/s3/none`, 'GET'])
    for (const resource of resources) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'PATCH', 'DELETE'])
        asked.push([`${origin}/v1/${resource}`, method])
      asked.push([`${origin}/v1/${resource}/x/y`, 'GET'])
      asked.push([`${origin}/v1/${resource}`, 'POST', { body: `{"secret":"x` }])
      for (const what of ['daemon', 'cluster'].includes(resource) ? topics : [])
        asked.push([`${origin}/v1/${resource}?what=${encodeURIComponent(what)}`, 'GET'])
    }
    for (const path of ['users', 'users/ann', 'keys', 'keys?user=ann', 'keys/ANN'])
      asked.push([`${origin}/v1/credentials/${path}`, 'GET'])
  }
  // Signed wrongly, so that the right signature, or what it is made of, may be in the error.
  const scope = '20261123/us-east-1/s3/aws4_request'
  const authorization = `AWS4-HMAC-SHA256 Credential=ANN/${scope},SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=${'0'.repeat(64)}`
  const signed = { authorization, 'x-amz-date': '20261123T000000Z' }
  const s3 = `http://127.0.0.1:${s3Port}`
  asked.push([`${s3}/bucket/key`, 'GET', { headers: signed }])
  asked.push([
    `${s3}/`,
    'GET',
    { headers: { ...signed, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
  ])
  asked.push([`${endpoint}/v1/credentials/keys`, 'POST', { body: '{"user":"nobody"}' }])

  const leaks: string[] = []
  for (const [url, method, init] of asked) {
    // What echoes its own question tells nothing.
    const text = (await ask(url, method, init)).replaceAll(encodeURIComponent(signing), '')
    const isEcho = url.includes(encodeURIComponent(signing))
    for (const leak of leaksOf(isEcho ? text.replaceAll(signing, '') : text))
      leaks.push(`${method} ${url}: ${leak}`)
  }
  expect(leaks).toEqual([])
  expect(asked.length).toBeGreaterThan(1_000)

  const files = await readdir(dir, { recursive: true, withFileTypes: true })
  const logs = files.filter(({ parentPath }) => /\/log$/.test(parentPath))
  expect(logs.length).toBeGreaterThan(0)
  for (const { parentPath, name } of files.filter((file) => file.isFile())) {
    const path = join(parentPath, name)
    const found = leaksOf((await readFile(path)).toString('latin1'))
    // A node keeps what it was told, for itself alone.
    const kept = /\/conf\/|\/\.ais\//.test(path) ? ['the key that signs tokens'] : []
    expect(
      found.filter((leak) => !kept.includes(leak)),
      path,
    ).toEqual([])
  }
}, 120_000)
