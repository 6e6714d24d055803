import { AisError } from '../errors/ais-error.ts'
import type { Reply } from '../ports/call.ts'
import type { RefusedCall } from '../ports/platform.ts'
import type { Random } from '../ports/random.ts'
import { newRequestId, s3ErrorReply } from '../s3/error-document.ts'
import { S3Error } from '../s3/s3-error.ts'
import { envelopeReply } from './error-reply.ts'

/** What a listener refuses by itself, in the envelope of the native API all the same; `name` is the node's. */
export function refusalReply(name: string, refused: RefusedCall): Reply {
  const [path = ''] = refused.target.split('?')
  const { status, reason } = refused
  return envelopeReply(name, new AisError('ErrBadRequest', reason, { status }), refused, path)
}

/** The same in the words of S3: the error document. */
export function s3RefusalReply(refused: RefusedCall, random: Random): Reply {
  const { status, reason, method, target } = refused
  const code = status === 408 ? 'RequestTimeout' : status === 501 ? 'NotImplemented' : 'BadRequest'
  const [resource = ''] = target.split('?')
  const requestId = newRequestId(random)
  const error = new S3Error(code, { message: reason })
  return { ...s3ErrorReply(error, { method, resource, requestId }), status }
}

/** Is a refused call one of S3 on the port of both APIs? */
export function isOfS3({ target }: RefusedCall): boolean {
  return /^\/s3(?:[/?]|$)/.test(target)
}
