import type { Seeded } from './seeded.ts'

/** Parts of names that have led programs astray. */
const parts: readonly string[] = [
  '.',
  '..',
  '...',
  '.hidden',
  '~',
  '~root',
  'a',
  'b',
  'etc',
  'passwd',
  'proc',
  'CON',
  'nul.txt',
  'COM1',
  'trailing ',
  ' leading',
  'dot.',
  '-rf',
  '*',
  '?',
  '#',
  'a?versionId=1',
  'a&b=c',
  'a+b',
  '%',
  '%2e%2e',
  '%2F',
  '%00',
  '%zz',
  '%ob',
  '%ox',
  '%wk',
  '%ch',
  '%ut',
  '%mt',
  '%id',
  '=pa',
  '+pa',
  '@ais',
  '@#',
  '@uuid#ns',
  '.ais',
  '.ais.smap',
  '.ais.bmd',
  'catalog.db',
  'catalog.db-wal',
  '$HOME',
  '`id`',
  '$(id)',
  ';',
  '|',
  '\\',
  '\\..\\',
  'C:\\x',
  "'",
  '"',
  '<key>',
  '&amp;',
  ']]>',
  '\n',
  '\r\n',
  '\t',
  '\u0001',
  '\u007f',
  '\u0085',
  'é',
  'e\u0301',
  'ﬁ',
  'ß',
  'İ',
  '\u202egnp.exe',
  '\u200b',
  '\ufeff',
  '\ufffd',
  '\uffff',
  '\u{1f600}',
  '\u{10ffff}',
  '中文',
  '__proto__',
  'constructor',
  'toString',
  'v1',
  'objects',
  's3',
  'NaN',
  '-1',
  '18446744073709551616',
]

/** Lengths at which file systems, S3 and the native API change their minds. */
const lengths: readonly number[] = [1, 240, 255, 256, 1_023, 1_024, 1_025, 2_999, 3_000, 3_001]

/** A name that nobody would choose, and nearly everybody may. */
export function nextName(random: Seeded): string {
  if (random.chance(0.05)) {
    const letter = random.pick(['x', 'é', '\u{1f600}', 'd/'])
    const bytes = Buffer.byteLength(letter)
    return letter.repeat(Math.ceil(random.pick(lengths) / bytes))
  }
  const count = 1 + random.below(4)
  const joined = Array.from({ length: count }, () => random.pick(parts)).join(
    random.pick(['/', '/', '/', '//', '', '\\']),
  )
  const lead = random.pick(['', '', '', '', '/', '//', './', '../', '~/', '/../'])
  const trail = random.pick(['', '', '', '', '/', '//', '/.', '/..', '\0'])
  return lead + joined + trail
}

/** The name in a path, in one of the ways in which clients write it. */
export function inPath(name: string, random: Seeded): string {
  const lower = random.chance(0.3)
  const plain = random.pick([
    /[A-Za-z0-9\-_.~/]/,
    /[!$&'()*+,\-./0-9:;=@A-Z_a-z~]/,
    // Everything is escaped, slashes as well.
    /^$/,
  ])
  let text = ''
  for (const byte of Buffer.from(name)) {
    const char = String.fromCharCode(byte)
    const hex = byte.toString(16).padStart(2, '0')
    text += plain.test(char) ? char : `%${lower ? hex : hex.toUpperCase()}`
  }
  return text
}

/** Why nobody may call an object so, by the words of the documentation; `undefined` when it is allowed. */
export function faultOf(name: string, bytesMax: number): string | undefined {
  if (name === '') return 'empty'
  if (Buffer.byteLength(name) > bytesMax) return 'too long'
  if (name.includes('\0')) return 'NUL'
  if (name.startsWith('~/')) return 'home'
  return name.split('/').some((part) => part === '.' || part === '..') ? 'dots' : undefined
}
