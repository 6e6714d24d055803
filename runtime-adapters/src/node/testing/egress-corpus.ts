/** Addresses of our own machine, site or provider, in all the ways a URL can write them. */
const hosts: readonly string[] = [
  // 127.0.0.1: plain, short, decimal, hexadecimal, octal, mixed, percent-encoded, in wide digits, with a dot behind.
  ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '017700000001', '0x7f.1'],
  ...[
    '0177.0.0.1',
    '0177.0x0.0.01',
    '127.0.0.1.',
    '%31%32%37.0.0.1',
    '１２７.0.0.1',
    '127。0。0。1',
  ],
  ...['0x7f.0x0.0x0.0x1', '00000177.0.0.1', '127.255.255.254', '127.0.0.2'],
  // Every address of this machine.
  ...['0', '0.0.0.0', '0x0', '00', '0.0', '0.0.0.1', '[::]', '[0:0:0:0:0:0:0:0]'],
  ...['[::1]', '[0:0:0:0:0:0:0:1]', '[::0.0.0.1]', '[0::1]', '[::127.0.0.1]', '[::7f00:1]'],
  // IPv4 in the clothes of IPv6, and on its way through translators.
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:7f00:1]', '[::ffff:0:127.0.0.1]'],
  ...['[64:ff9b::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::127.0.0.1]', '[2002:7f00:1::]'],
  ...[
    '[2002:a9fe:a9fe::1]',
    '[2001:0:7f00:1::1]',
    '[64:ff9b::a9fe:a9fe]',
    '[::ffff:169.254.169.254]',
  ],
  // Metadata of providers.
  ...['169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '169.254.43518'],
  ...['169.254.170.2', '100.100.100.200', '192.0.0.192', '[fd00:ec2::254]', '[fe80::a9fe:a9fe]'],
  // Networks of sites.
  ...['10.0.0.1', '10.1', '167772161', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.1'],
  ...['100.64.0.1', '100.127.255.255', '[fc00::1]', '[fdff::1]', '[fec0::1]', '[fe80::1]'],
  // What is nobody's.
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '0xffffffff', '[ff02::1]'],
  ...['192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '[2001:db8::1]', '[100::1]'],
]

/** URLs that lead nowhere a client may send us, for a listener at `port`. */
export function forbiddenUrls(port: number): readonly string[] {
  const urls: string[] = []
  for (const host of hosts) {
    urls.push(
      `http://${host}:${port}/`,
      `https://${host}:${port}/`,
      `http://${host}/latest/meta-data/`,
    )
    urls.push(`http://user:word@${host}:${port}/`, `HTTP://example.org@${host}:${port}/x?y#z`)
  }
  const others = ['unix:///run/docker.sock', 'file:///etc/passwd', 'ftp://127.0.0.1/', 'data:,x']
  return [
    ...urls,
    ...others,
    'gopher://127.0.0.1:6379/_',
    'ws://127.0.0.1/',
    'blob:http://127.0.0.1/x',
  ]
}

/** Names, and what a hostile name server says of them. */
export const forbiddenAnswers: readonly (readonly string[])[] = [
  ['127.0.0.1'],
  ['::1'],
  ['0.0.0.0'],
  ['169.254.169.254'],
  ['10.0.0.1'],
  ['::ffff:127.0.0.1'],
  ['64:ff9b::7f00:1'],
  ['fd00::1'],
  ['100.64.0.1'],
  ['fe80::1%lo'],
  ['not an address'],
  // One that is good does not make up for the other.
  ['8.8.8.8', '127.0.0.1'],
  ['127.0.0.1', '8.8.8.8'],
]
