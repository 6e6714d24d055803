import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What became of each step of the page. */
export type PageReport = Readonly<Record<string, string>>

export interface Form {
  readonly action: string
  readonly doneUrl: string
  readonly fields: Readonly<Record<string, string>>
}

interface Steps {
  readonly put: string
  readonly get: string
  readonly remove: string
  form: readonly Form[]
}

export interface BrowserPage {
  readonly origin: string
  /** Where a form that was taken leads to. */
  readonly doneUrl: string
  steps: Steps
  url(steps: string): string
  /** Resolves when the page says how its steps went. */
  report(steps: string): Promise<PageReport>
  close(): Promise<void>
}

const script = readFileSync(new URL('./in-page.js', import.meta.url), 'utf8')

/** Serves a page on an origin of its own, loopback under another name than the endpoint's. */
export async function openBrowserPage(): Promise<BrowserPage> {
  const waiting = new Map<string, (report: PageReport) => void>()
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', page.origin)
    const which = url.searchParams.get('steps') ?? ''
    if (url.pathname !== '/report') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      const start = `takeSteps(${JSON.stringify(which)}, ${JSON.stringify(page.steps)})`
      const body = url.pathname === '/page' ? `<script>${script}\n${start}</script>` : 'done'
      response.end(`<!doctype html><title>AIStore</title><body>${body}`)
      return
    }
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      text += chunk
    })
    request.on('end', () => {
      response.end()
      waiting.get(which)?.(JSON.parse(text))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const page: BrowserPage = {
    origin,
    doneUrl: `${origin}/done`,
    steps: { put: '', get: '', remove: '', form: [] },
    url: (steps) => `${origin}/page?steps=${steps}`,
    report: (steps) => new Promise((resolve) => waiting.set(steps, resolve)),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return page
}
