import { rootCertificates, type SecureContextOptions, type TLSSocket } from 'node:tls'
import type { Tls } from '@aistore-ts/core/ports/tls.ts'

const protocol = { minVersion: 'TLSv1.2' } as const

/** What a server shows, and the authorities that sign its clients. */
export function serverContext(tls: Tls): SecureContextOptions {
  const { certificate, key, authorities } = tls.material()
  return { ...protocol, cert: certificate, key, ...(authorities && { ca: authorities }) }
}

/** What a client shows, and whom it trusts: the authority it was given, else the system's; and the certificate it bears. */
export function clientContext(tls: Tls): SecureContextOptions & { rejectUnauthorized: boolean } {
  const { certificate, key, authorities } = tls.material()
  return {
    ...protocol,
    cert: certificate,
    key,
    ca: [...(authorities === undefined ? systemAuthorities() : [authorities]), certificate],
    rejectUnauthorized: !tls.skipVerify,
  }
}

/** None on a Deno that was not given leave to ask for them. */
function systemAuthorities(): readonly string[] {
  try {
    return rootCertificates
  } catch {
    return []
  }
}

/** Is a client let in whose handshake is over, as far as the library has not turned it away? */
export function isWelcome(socket: TLSSocket, { clientAuth }: Tls): boolean {
  if (clientAuth !== 2 && clientAuth !== 3) return true
  const given = socket.getPeerX509Certificate() !== undefined
  return clientAuth === 2 ? given : !given || socket.authorized
}
