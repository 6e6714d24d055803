// The least that a worker can do of what an edge gateway does: one redirect, or one call passed through.
interface Variables {
  readonly UPSTREAM: string
}

export default {
  fetch(request: Request, { UPSTREAM }: Variables): Response | Promise<Response> {
    const at = request.url.indexOf('/', 8)
    const target = request.url.slice(at)
    if (target.startsWith('/redirect/')) {
      return new Response(null, {
        status: 301,
        headers: { Location: `http://127.0.0.1:1${target}` },
      })
    }
    if (target === '/hello') return new Response('hello')
    return fetch(new Request(UPSTREAM + target, request))
  },
}
