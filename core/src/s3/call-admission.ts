import type { Reply } from '../ports/call.ts'
import { S3Error } from './s3-error.ts'

/** Bounds the calls that a gateway deals with at the same time. */
export interface CallAdmission {
  /**
   * Runs `call`, which counts until its reply is with the client.
   * @throws S3Error `SlowDown` where as many as may are at work; nothing was read of the call's body then
   */
  run(call: () => Promise<Reply>): Promise<Reply>
}

/** @param callsMax asked for at every call, so that a change takes effect at once */
export function createCallAdmission(callsMax: () => number): CallAdmission {
  let running = 0

  /** A stream lasts longer than its call. */
  function counted(reply: Reply): Reply {
    if (reply.body?.kind !== 'stream') {
      running--
      return reply
    }
    let isOver = false
    const onEnd = (complete: boolean): void => {
      if (!isOver) running--
      isOver = true
      reply.onEnd?.(complete)
    }
    return { ...reply, onEnd }
  }

  return {
    async run(call) {
      if (running >= callsMax()) throw new S3Error('SlowDown')
      running++
      let reply: Reply
      try {
        reply = await call()
      } catch (error) {
        running--
        throw error
      }
      return counted(reply)
    },
  }
}
