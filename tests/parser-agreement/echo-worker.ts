import { callOf } from '@aistore-ts/runtime-adapters/workerd/fetch-call.ts'

/** What the core is given of a request on workerd, as JSON; the echo server's answer on the other runtimes. */
export default {
  async fetch(request: Request): Promise<Response> {
    const call = callOf(request)
    let bodyBytes = 0
    try {
      await call.body.consume((chunk) => {
        bodyBytes += chunk.byteLength
      })
    } catch (error) {
      return new Response(String(error), { status: 400 })
    }
    return Response.json({ method: call.method, target: call.target, bodyBytes })
  },
}
