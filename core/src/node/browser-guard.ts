import { AisError } from '../errors/ais-error.ts'
import type { HeaderBlock } from '../ports/call.ts'

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]', '::1', 'ip6-localhost'])

/** Host without its port, lower-case. */
function hostName(authority: string): string {
  const text = authority.toLowerCase()
  if (text.startsWith('[')) return text.slice(0, text.indexOf(']') + 1)
  const colon = text.lastIndexOf(':')
  return colon < 0 ? text : text.slice(0, colon)
}

function isLoopback(host: string): boolean {
  return loopbackNames.has(host) || host.endsWith('.localhost') || /^127(\.\d{1,3}){3}$/.test(host)
}

/**
 * Keeps web pages away from a store that runs without client auth: DNS rebinding shows in `Host`, a cross-site
 * call in `Origin` or `Sec-Fetch-Site`. `hosts` are the names that are ours beside the loopback ones.
 * @throws AisError `ErrForbidden`, naming the header
 */
export function guardBrowser(headers: HeaderBlock, hosts: ReadonlySet<string>): void {
  guardHost(headers, hosts)
  guardOrigin(headers, hosts)
}

/** That a call is for a name of ours. @throws AisError `ErrForbidden` */
export function guardHost(headers: HeaderBlock, hosts: ReadonlySet<string>): void {
  const host = headers.get('host')
  if (host !== undefined && host !== '') {
    const name = hostName(host)
    if (!isLoopback(name) && !hosts.has(name)) {
      throw new AisError(
        'ErrForbidden',
        `Host "${name}" is not a name of this cluster (see net.allowed_hosts)`,
      )
    }
  }
}

/** That a call is from no page but ours. @throws AisError `ErrForbidden` */
export function guardOrigin(headers: HeaderBlock, hosts: ReadonlySet<string>): void {
  const site = headers.get('sec-fetch-site')
  if (site === 'cross-site') {
    throw new AisError('ErrForbidden', 'Sec-Fetch-Site: cross-site requests are not allowed')
  }
  const origin = headers.get('origin')
  if (origin === undefined) return
  const at = origin.indexOf('://')
  const name = at < 0 ? '' : hostName(origin.slice(at + 3))
  if (name === '' || !(isLoopback(name) || hosts.has(name))) {
    throw new AisError('ErrForbidden', `Origin "${origin}" is not allowed`)
  }
}
