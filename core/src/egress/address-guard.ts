import ipaddr from 'ipaddr.js'

/** Which addresses besides public ones may be called. */
export interface EgressRules {
  /** `downloader.allow_cidrs`: addresses in one of these networks pass whatever they are. */
  readonly allowCidrs: readonly string[]
  /** The feature `Dload-Allow-Private-Egress`: RFC 1918 networks and IPv6's unique local ones pass. */
  readonly allowPrivate: boolean
}

/** The part of IPv6 that is given out for the public network, the only one there is. RFC 4291, 2.4. */
const globalUnicast = ipaddr.parseCIDR('2000::/3')

/** What a site may use as its own. */
const privateRanges: ReadonlySet<string> = new Set(['private', 'uniqueLocal'])

/** A network in CIDR notation, as `downloader.allow_cidrs` lists them. */
export function isCidr(text: string): boolean {
  return ipaddr.isValidCIDR(text)
}

function isInside(address: ipaddr.IPv4 | ipaddr.IPv6, cidr: string): boolean {
  const [network, bits] = ipaddr.parseCIDR(cidr)
  if (address.kind() === network.kind()) return address.match(network, bits)
  // `::ffff:10.0.0.0/104` is `10.0.0.0/8`.
  const isMapped = network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress()
  return isMapped && bits >= 96 && address.match(network.toIPv4Address(), bits - 96)
}

/**
 * Why `text` may not be called: the kind of address it is. `undefined`: it may. An IPv4 address in IPv6's clothes is judged as
 * the one it is; those that carry one for a translator (NAT64, 6to4, Teredo) are not public, whatever they carry. What is no
 * address at all is `invalid`.
 * @see AIStore cmn/network.go IsBlockedEgressIP, which lets public addresses behind NAT64 pass
 */
export function refusedRange(text: string, rules: EgressRules): string | undefined {
  // A zone names one of our own links.
  if (!ipaddr.isValid(text) || text.includes('%')) return 'invalid'
  const address = ipaddr.process(text)
  if (rules.allowCidrs.some((cidr) => isInside(address, cidr))) return undefined
  const range = address.range()
  if (rules.allowPrivate && privateRanges.has(range)) return undefined
  if (range !== 'unicast') return range
  return address.kind() === 'ipv4' || address.match(globalUnicast) ? undefined : 'reserved'
}
