import type { ClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { type CertificateFiles, configuredFiles, openCertificate } from '../files/certificate.ts'
import type { NodeOptions } from './node-options.ts'

/** A node's certificate, where it has one, and the platform that calls with it. */
export interface NodeTls {
  readonly tls: CertificateFiles | undefined
  readonly platform: Platform
}

/** @throws AisError `ErrBadRequest` naming the file or the platform that cannot serve TLS */
export async function openNodeTls(
  { platform, tlsFiles }: NodeOptions,
  net: ClusterConfig['net'],
  log: Log,
): Promise<NodeTls> {
  const files = tlsFiles ?? configuredFiles(net)
  if (files === undefined) return { tls: undefined, platform }
  if (platform.secured === undefined) {
    throw new AisError('ErrBadRequest', `net.http.use_https: ${platform.name} has no TLS`)
  }
  const tls = await openCertificate(files, net.http, log)
  return { tls, platform: platform.secured(tls) }
}
