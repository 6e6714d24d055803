/** An address as its bits: 32 or 128 of them. */
interface Address {
  readonly bits: bigint
  readonly width: 32 | 128
}

/** `10.0.0.0/8` as its first bits. */
export interface IpRange {
  readonly network: Address
  readonly prefix: number
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let bits = 0n
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined
    bits = (bits << 8n) | BigInt(part)
  }
  return bits
}

function parseV6(text: string): bigint | undefined {
  const [head = '', tail, more] = text.split('::')
  if (more !== undefined) return undefined
  const groups = (side: string) => (side === '' ? [] : side.split(':'))
  const left = groups(head)
  const right = groups(tail ?? '')
  const missing = 8 - left.length - right.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  let bits = 0n
  for (const group of [...left, ...Array.from({ length: missing }, () => '0'), ...right]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined
    bits = (bits << 16n) | BigInt(`0x${group}`)
  }
  return bits
}

/** An IPv4 address in IPv6's clothes is one of IPv4. */
function parseAddress(text: string): Address | undefined {
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1] ?? text
  const v4 = parseV4(plain)
  if (v4 !== undefined) return { bits: v4, width: 32 }
  const v6 = plain.includes(':') ? parseV6(plain) : undefined
  return v6 === undefined ? undefined : { bits: v6, width: 128 }
}

/** An address, or a network in CIDR; `undefined` when it is neither. */
export function parseIpRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/')
  const network = parseAddress(slash < 0 ? text : text.slice(0, slash))
  if (network === undefined) return undefined
  if (slash < 0) return { network, prefix: network.width }
  const length = text.slice(slash + 1)
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : -1
  return prefix < 0 || prefix > network.width ? undefined : { network, prefix }
}

export function isInRange({ network, prefix }: IpRange, text: string): boolean {
  const address = parseAddress(text)
  if (address === undefined || address.width !== network.width) return false
  const shift = BigInt(network.width - prefix)
  return address.bits >> shift === network.bits >> shift
}
