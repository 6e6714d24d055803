// Runs in an empty folder that has the package alone, on Node and on Bun.

import { equal, notEqual } from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { startServer } from 'aistore-ts/testing'

const sha = (text) => createHash('sha256').update(text).digest('hex')
const hmac = (key, text) => createHmac('sha256', key).update(text).digest()

/** Asks S3, signed by hand: the folder has no client. */
async function ask({ endpoint, region, credentials }, method, path, body = '') {
  const { accessKeyId, secretAccessKey } = credentials
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`
  const names = 'host;x-amz-content-sha256;x-amz-date'
  const { host } = new URL(endpoint)
  const canonical = `${method}\n${path}\n\nhost:${host}\nx-amz-content-sha256:${sha(body)}\nx-amz-date:${date}\n\n${names}\n${sha(body)}`
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha(canonical)}`
  const signature = hmac(scope.split('/').reduce(hmac, `AWS4${secretAccessKey}`), text).toString(
    'hex',
  )
  return fetch(endpoint + path, {
    method,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope},SignedHeaders=${names},Signature=${signature}`,
      'x-amz-content-sha256': sha(body),
      'x-amz-date': date,
    },
    ...(body === '' ? {} : { body }),
  })
}

const cpu = process.cpuUsage()
const startedAt = performance.now()
const server = await startServer()
const ms = Math.round(performance.now() - startedAt)
const { user, system } = process.cpuUsage(cpu)
equal((await ask(server, 'PUT', '/bucket')).status, 200)
equal((await ask(server, 'PUT', '/bucket/key', 'content')).status, 200)
equal(await (await ask(server, 'GET', '/bucket/key')).text(), 'content')
notEqual((await fetch(`${server.endpoint}/bucket/key`)).status, 200)
await server.reset()
equal((await ask(server, 'GET', '/bucket/key')).status, 404)
await server.stop()
const again = []
for (let round = 0; round < 5; round++) {
  const at = performance.now()
  const next = await startServer()
  again.push(Math.round(performance.now() - at))
  await next[Symbol.asyncDispose]()
}
console.log(
  `ready after ${ms} ms (${Math.round((user + system) / 1_000)} ms of a core), then ${again.join(', ')} ms`,
)
process.exit(0)
