import { S3Error } from '../s3-error.ts'
import { childText, type XmlElement } from '../xml-reader.ts'
import type { XmlNode } from '../xml-writer.ts'

const names = [
  'BlockPublicAcls',
  'IgnorePublicAcls',
  'BlockPublicPolicy',
  'RestrictPublicBuckets',
] as const

/** What a bucket holds back of what everybody is granted. */
export type PublicAccessBlock = Readonly<Record<(typeof names)[number], boolean>>

/** Reads what a bucket keeps; nothing is held back where there is none. */
export function publicAccessBlockOf(stored: string | undefined): PublicAccessBlock {
  const on = new Set((stored ?? '').split(','))
  return {
    BlockPublicAcls: on.has('BlockPublicAcls'),
    IgnorePublicAcls: on.has('IgnorePublicAcls'),
    BlockPublicPolicy: on.has('BlockPublicPolicy'),
    RestrictPublicBuckets: on.has('RestrictPublicBuckets'),
  }
}

/** A `PublicAccessBlockConfiguration` as a bucket keeps it. @throws S3Error `MalformedXML` */
export function parsePublicAccessBlock(root: XmlElement): string {
  const known: readonly string[] = names
  if (root.children.some(({ name }) => !known.includes(name))) throw new S3Error('MalformedXML')
  const on = names.filter((name) => {
    const text = childText(root, name)?.trim().toLowerCase() ?? 'false'
    if (text !== 'true' && text !== 'false') throw new S3Error('MalformedXML')
    return text === 'true'
  })
  return on.length === 0 ? 'none' : on.join(',')
}

export function publicAccessBlockDocument(stored: string): XmlNode {
  const block = publicAccessBlockOf(stored)
  return ['PublicAccessBlockConfiguration', names.map((name): XmlNode => [name, block[name]])]
}
