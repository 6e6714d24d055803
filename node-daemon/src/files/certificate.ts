import { X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { ClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { ClientAuth, Tls, TlsMaterial } from '@aistore-ts/core/ports/tls.ts'

/** How often the files are looked at, ms. */
const lookMs = 1_000
/** A certificate that ends within this time is warned of, ms. */
const soonMs = 3 * 24 * 60 * 60 * 1000

/** TLS from files; looked at until `close`. */
export interface CertificateFiles extends Tls {
  close(): void
}

/** Paths of PEM files. `authority` may be empty. */
export interface TlsFiles {
  readonly certificate: string
  readonly key: string
  readonly authority: string
}

/** Those that the configuration names; `undefined` where `use_https` is off. */
export function configuredFiles({ http }: ClusterConfig['net']): TlsFiles | undefined {
  if (!http.use_https) return undefined
  return { certificate: http.server_crt, key: http.server_key, authority: http.client_ca_tls }
}

/**
 * Opens a certificate and follows its files: when one was replaced, all are read again, and taken where they fit
 * together.
 * @throws AisError `ErrBadRequest` naming the file that cannot be read, or does not belong to the others
 */
export async function openCertificate(
  files: TlsFiles,
  settings: { readonly client_auth_tls: number; readonly skip_verify: boolean },
  log: Log,
): Promise<CertificateFiles> {
  const listeners = new Set<() => void>()
  let material = await readMaterial(files)
  let seen = await marksOf(files)
  warnOfEnd(material, log)

  async function reload(): Promise<void> {
    const marks = await marksOf(files)
    material = await readMaterial(files)
    seen = marks
    log.info('certificate loaded', { serial: leafOf(material).serialNumber })
    warnOfEnd(material, log)
    for (const listener of listeners) listener()
  }

  async function look(): Promise<void> {
    const marks = await marksOf(files)
    if (marks === seen) return
    // What does not fit together is looked at again only when it changes: one file may come before the other.
    seen = marks
    await reload()
  }

  let looking = false
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    look()
      .catch((error: unknown) => log.error('the certificate was not replaced', { error }))
      .finally(() => {
        looking = false
      })
  }, lookMs)
  timer.unref()

  return {
    clientAuth: clientAuthOf(settings.client_auth_tls),
    skipVerify: settings.skip_verify,
    material: () => material,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    reload,
    describe: () => describe(leafOf(material)),
    close: () => clearInterval(timer),
  }
}

async function readMaterial(files: TlsFiles): Promise<TlsMaterial> {
  const read = async (name: keyof TlsFiles): Promise<string> => {
    try {
      return await readFile(files[name], 'utf8')
    } catch (error) {
      throw refused(name, files, error)
    }
  }
  const [certificate, key] = await Promise.all([read('certificate'), read('key')])
  const authorities = files.authority === '' ? undefined : await read('authority')
  try {
    createSecureContext({ cert: certificate, key })
  } catch (error) {
    throw refused('certificate', files, error)
  }
  if (authorities !== undefined) {
    try {
      new X509Certificate(authorities)
    } catch (error) {
      throw refused('authority', files, error)
    }
  }
  return { certificate, key, authorities }
}

/** What the files are called in the configuration. */
const settingOf: Readonly<Record<keyof TlsFiles, string>> = {
  certificate: 'net.http.server_crt',
  key: 'net.http.server_key',
  authority: 'net.http.client_ca_tls',
}

function refused(name: keyof TlsFiles, files: TlsFiles, cause: unknown): AisError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AisError('ErrBadRequest', `${settingOf[name]} "${files[name]}": ${why}`, { cause })
}

/** Changes whenever one of the files does. */
async function marksOf(files: TlsFiles): Promise<string> {
  const marks = await Promise.all(
    Object.values(files)
      .filter((path) => path !== '')
      .map(async (path) => {
        const found = await stat(path).catch(() => undefined)
        return found === undefined ? '-' : `${found.ino} ${found.mtimeMs} ${found.size}`
      }),
  )
  return marks.join(' ')
}

function clientAuthOf(level: number): ClientAuth {
  const levels: readonly ClientAuth[] = [0, 1, 2, 3, 4]
  return levels.find((known) => known === level) ?? 4
}

function leafOf({ certificate }: TlsMaterial): X509Certificate {
  return new X509Certificate(certificate)
}

function warnOfEnd(material: TlsMaterial, log: Log): void {
  const { validTo } = leafOf(material)
  if (Date.parse(validTo) - Date.now() < soonMs) log.warn('the certificate ends', { validTo })
}

/** @see AIStore cmn/certloader: Props */
function describe(leaf: X509Certificate): Readonly<Record<string, string>> {
  const ends = Date.parse(leaf.validTo) - Date.now()
  return {
    version: '3',
    'issued-by (CN)': /^CN=(.*)$/m.exec(leaf.issuer)?.[1] ?? '',
    'public-key-algorithm': (leaf.publicKey.asymmetricKeyType ?? '').toUpperCase(),
    'serial-number': BigInt(`0x${leaf.serialNumber}`).toString(),
    valid: `from ${leaf.validFrom} to ${leaf.validTo}`,
    ...(ends < 0 ? { error: 'tls-cert-expired' } : {}),
    ...(ends >= 0 && ends < soonMs ? { warning: 'tls-cert-will-soon-expire' } : {}),
  }
}
