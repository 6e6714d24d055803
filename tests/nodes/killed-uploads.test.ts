import { createHash } from 'node:crypto'
import type { NodeProcess } from '@aistore-ts/node-daemon/launcher/node-process.ts'
import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startTargetProcess } from './target-process.ts'
import { flagsOf, openYard, until, urlOf, type Yard } from './yard.ts'

const id = 'target01'
const partBytes = 5 * 1024 * 1024

let yard: Yard
let gateway: RunningNode
let target: NodeProcess

async function start(): Promise<void> {
  target = (await startTargetProcess(yard.dir, urlOf(gateway), id)).node
  await until(gateway, 'the target is in the map', () => flagsOf(gateway, id) === 0)
}

async function killAndRestart(): Promise<void> {
  target.kill()
  await target.gone
  await until(gateway, 'it is out', () => flagsOf(gateway, id) === undefined)
  await start()
}

beforeEach(async () => {
  yard = await openYard()
  gateway = await yard.start('proxy', 0)
  await gateway.joined
  await start()
  expect((await s3('PUT', '')).status).toBe(200)
})

afterEach(async () => {
  target.kill()
  await target.gone
  await yard.close()
})

const s3 = (method: string, path: string, body?: string | Uint8Array<ArrayBuffer>) =>
  fetch(`${urlOf(gateway)}/s3/killed${path}`, { method, ...(body === undefined ? {} : { body }) })

const all = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text ?? '')

/** Part `number` of an object; `round` tells one sending of it from another. */
const partOf = (number: number, round = 0) =>
  Buffer.alloc(number === 10 ? 9 : partBytes, String.fromCharCode(65 + number + 16 * round))
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes)
const tagOf = (number: number) => md5(partOf(number)).digest('hex')

async function begin(key: string): Promise<string> {
  return all(await (await s3('POST', `/${key}?uploads`)).text(), 'UploadId')[0] ?? ''
}

async function send(key: string, upload: string, number: number, round = 0): Promise<void> {
  const path = `/${key}?uploadId=${upload}&partNumber=${number}`
  const answer = await s3('PUT', path, partOf(number, round))
  expect(answer.status, await answer.text()).toBe(200)
}

function complete(key: string, upload: string, numbers: readonly number[]): Promise<Response> {
  const parts = numbers
    .map((n) => `<Part><PartNumber>${n}</PartNumber><ETag>${tagOf(n)}</ETag></Part>`)
    .join('')
  const body = `<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>`
  return s3('POST', `/${key}?uploadId=${upload}`, body)
}

async function expectWhole(key: string, numbers: readonly number[]): Promise<void> {
  const answer = await s3('GET', `/${key}`)
  const whole = Buffer.concat(numbers.map((number) => partOf(number)))
  expect(Buffer.from(await answer.arrayBuffer()).equals(whole)).toBe(true)
  const tags = Buffer.concat(numbers.map((number) => md5(partOf(number)).digest()))
  expect(answer.headers.get('etag')).toBe(`"${md5(tags).digest('hex')}-${numbers.length}"`)
}

const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

it('B04, F5.04: six of ten parts outlive kill -9 of their target; the rest makes the object', async () => {
  const upload = await begin('ten')
  for (const number of [6, 2, 4, 1, 3, 5]) await send('ten', upload, number, number === 4 ? 1 : 0)
  await send('ten', upload, 4)
  await killAndRestart()
  const kept = await (await s3('GET', `/ten?uploadId=${upload}`)).text()
  expect(all(kept, 'PartNumber').map(Number)).toEqual([1, 2, 3, 4, 5, 6])
  expect(all(kept, 'ETag')).toEqual([1, 2, 3, 4, 5, 6].map((n) => `&quot;${tagOf(n)}&quot;`))
  for (const number of [7, 8, 9, 10]) await send('ten', upload, number)
  const answer = await complete('ten', upload, numbers)
  expect(answer.status, await answer.text()).toBe(200)
  await expectWhole('ten', numbers)
}, 60_000)

it('B04: a target killed while it completes an upload has the object whole, or the upload', async () => {
  const few = [1, 2, 10]
  for (let round = 0; round < 3; round++) {
    const key = `cut-${round}`
    const upload = await begin(key)
    for (const number of few) await send(key, upload, number)
    const asked = complete(key, upload, few).then(
      async (answer) => answer.status === 200 && !(await answer.text()).includes('<Error>'),
      () => false,
    )
    // The rounds differ in how far it gets: not at all, somewhat, and to its end.
    if (round === 1) await s3('HEAD', `/${key}`)
    if (round === 2) expect(await asked).toBe(true)
    await killAndRestart()
    const isAcknowledged = await asked
    const { status } = await s3('HEAD', `/${key}`)
    expect([status, isAcknowledged && status !== 200]).toEqual([status === 200 ? 200 : 404, false])
    // Asked for again, it answers as before, or does what was not done.
    const again = await complete(key, upload, few)
    expect(again.status, await again.text()).toBe(200)
    await expectWhole(key, few)
  }
}, 90_000)
