import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseOptions, UsageError } from './parse-options.ts'
import { writeHuman } from './report/write-human.ts'
import { writeJunit } from './report/write-junit.ts'
import { runConformance } from './run-conformance.ts'

const main = join(import.meta.dirname, 'main.ts')
const run = (...args: string[]) =>
  spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', timeout: 20_000 })

test('a wrong command line prints the usage and exits 2', () => {
  for (const args of [[], ['--nosuch'], ['--endpoint', 'ftp://x'], ['x']]) {
    const { status, stderr } = run(...args)
    expect(status).toBe(2)
    expect(stderr).toContain('Usage: npm run conformance')
  }
})

test.each([
  [['--endpoint', 'nonsense']],
  [['--endpoint', 'http://h', '--profile', 'nosuch']],
  [['--endpoint', 'http://h', '--only', '(']],
  [['--endpoint', 'http://h', '--concurrency', '0']],
  [['--endpoint']],
])('%j is refused', (args) => {
  expect(() => parseOptions(args)).toThrow(UsageError)
})

test('--list prints the cases', () => {
  const { status, stdout } = run('--list', '--only', '^object-range-')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^object-range-middle\trequired\tF4\.03$/m)
})

test('an endpoint that is not there is a failure in one sentence', async () => {
  const listener = createTcpServer()
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  await new Promise((resolve) => listener.close(resolve))
  const { status, stderr } = run('--endpoint', `http://127.0.0.1:${port}`)
  expect(status).toBe(1)
  expect(stderr).toMatch(/^conformance: http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/)
})

/** A server that has a map and is wrong about everything else. */
async function serveNonsense(): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    if (request.url !== '/v1/cluster?what=smap') return response.writeHead(404).end()
    const { port } = server.address() as AddressInfo
    const net = { direct_url: `http://127.0.0.1:${port}` }
    const node = (id: string) => ({ daemon_id: id, flags: 0, public_net: net })
    const smap = { pmap: { p: node('p') }, tmap: { t: node('t') }, proxy_si: node('p') }
    response.end(JSON.stringify(smap))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

test('a server that is wrong about everything fails, with reasons, in every report', async () => {
  const server = await serveNonsense()
  const report = await runConformance({ endpoint: server.url, only: /^object-range-middle$/ })
  server.close()
  const byId = new Map(report.results.map((result) => [result.id, result]))
  expect(byId.get('bucket-create')?.outcome).toBe('failed')
  expect(byId.get('object-range-middle')?.outcome).toBe('not-tested')
  expect(byId.get('object-range-middle')?.reason).toBe('needs object-get: not-tested')
  expect(byId.get('capability-method-override')?.outcome).toBe('failed')
  expect(report.summary.passed).toBe(0)
  expect(writeHuman(report)).toMatch(/0 passed, 4 failed, 3 not tested/)
  const xml = writeJunit(report)
  expect(xml).toContain('name="bucket-create"')
  expect(xml).toMatch(/failures="4"/)
  expect(xml).not.toMatch(/message="[^"]*</)
})

test('no case passes at a server that is wrong about everything', async () => {
  const server = await serveNonsense()
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'))
  const file = join(folder, 'report.json')
  const report = await runConformance({ endpoint: server.url })
  expect(report.results.filter(({ outcome }) => outcome === 'passed')).toEqual([])
  const asynchronous = await import('node:child_process')
  const status = await new Promise((resolve) => {
    const args = [main, '--endpoint', server.url, '--only', '^bucket-create$', '--json', file]
    asynchronous.spawn(process.execPath, args, { stdio: 'ignore' }).on('exit', resolve)
  })
  server.close()
  expect(status).toBe(1)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ summary: { passed: 0 } })
  rmSync(folder, { recursive: true })
})
