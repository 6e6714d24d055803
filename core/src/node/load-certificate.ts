import { AisError } from '../errors/ais-error.ts'
import type { Reply } from '../ports/call.ts'
import type { NodeContext } from './node-context.ts'
import { emptyReply } from './replies.ts'

/** `load-x509` of a node: the certificate's files are read again. @throws AisError 404 where there is no TLS */
export async function loadCertificate({ tls }: NodeContext): Promise<Reply> {
  if (tls === undefined) {
    throw new AisError('ErrBadRequest', 'no TLS certificate loaders configured', { status: 404 })
  }
  await tls.reload()
  return emptyReply()
}
