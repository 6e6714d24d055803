import http from 'node:http'

/** What the server saw of one request. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** Answers one request; `reset` cuts the connection. */
export type Act = (seen: Seen, response: http.ServerResponse) => void

/** An HTTP server on loopback that plays a script, one act a request; the last act repeats. */
export interface ScriptedServer {
  readonly origin: string
  readonly seen: readonly Seen[]
  close(): Promise<void>
}

export async function scriptedServer(...acts: readonly Act[]): Promise<ScriptedServer> {
  const seen: Seen[] = []
  const server = http.createServer()
  const handle = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const index = begun++
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const entry = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    }
    seen.push(entry)
    acts[Math.min(index, acts.length - 1)]?.(entry, response)
  }
  let begun = 0
  server.on('request', (request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  // A redirecting gateway decides on the headers and never asks for the body.
  server.on('checkContinue', (request, response) => {
    const act = acts[Math.min(begun, acts.length - 1)]
    if (act !== undefined && 'beforeBody' in act) {
      begun++
      seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: '(unread)',
      })
      act({ method: '', url: '', headers: {}, body: '' }, response)
      return
    }
    response.writeContinue()
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export const reply =
  (status: number, body = '', headers: Record<string, string> = {}): Act =>
  (_, response) => {
    response.writeHead(status, headers).end(body)
  }

/** A redirect that is answered before the body is asked for. */
export function redirect(status: 301 | 307, to: () => string): Act {
  const act: Act = (seen, response) => {
    response.writeHead(status, { location: `${to()}${seen.url}`, connection: 'close' }).end()
  }
  return Object.assign(act, { beforeBody: true })
}

export const reset: Act = (_, response) => {
  response.socket?.resetAndDestroy()
}

/** Half of the promised body, then nothing. */
export const cut: Act = (_, response) => {
  response.writeHead(200, { 'content-length': '10' })
  response.write('12345', () => response.socket?.destroy())
}
