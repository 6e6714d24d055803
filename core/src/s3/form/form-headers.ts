import { utf8Encode } from '../../algorithms/utf8.ts'
import type { HeaderBlock, HeaderLine } from '../../ports/call.ts'
import { parseTagDocument } from '../object/tags.ts'
import { S3Error } from '../s3-error.ts'
import { parseXmlAs } from '../xml-reader.ts'

/** Fields that are headers of a PUT under the same name. */
const headerFields: ReadonlySet<string> = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-md5',
  'content-type',
  'expires',
])

/** Of the signature: nothing of the object. */
const signatureFields: ReadonlySet<string> = new Set([
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-signature',
])

/** A text as headers carry it: its UTF-8 bytes. */
function headerValue(name: string, text: string): string {
  if (/[\0\r\n]/.test(text)) {
    throw new S3Error('InvalidArgument', {
      message: `The field "${name}" has a line break in it.`,
      fields: [['ArgumentName', name]],
    })
  }
  return Array.from(utf8Encode(text), (byte) => String.fromCharCode(byte)).join('')
}

/** Of an object that is uploaded, and of nothing else: a form copies nothing, and says nothing about its body's framing. */
const objectFields =
  /^x-amz-(?:meta-[!#$%&'*+.^_`|~0-9a-z-]+|checksum-[a-z0-9]+|grant-[a-z-]+|object-lock-[a-z-]+|server-side-encryption[a-z-]*|acl|storage-class|tagging|website-redirect-location)$/

/**
 * What the fields of a form say of the object, as the headers of a PUT say it.
 * @throws S3Error `InvalidArgument`, `NotImplemented`; `InvalidTag` and `MalformedXML` of `tagging`
 */
export function formHeaders(fields: ReadonlyMap<string, string>): HeaderBlock {
  const lines: HeaderLine[] = []
  for (const [name, text] of fields) {
    if (name === 'acl') lines.push(['x-amz-acl', headerValue(name, text)])
    else if (name === 'tagging') {
      const tags = parseTagDocument(parseXmlAs(utf8Encode(text), 'Tagging'))
      if (tags !== '') lines.push(['x-amz-tagging', tags])
    } else if (headerFields.has(name) || objectFields.test(name)) {
      lines.push([name, headerValue(name, text)])
    } else if (name.startsWith('x-amz-') && !signatureFields.has(name)) {
      throw new S3Error('NotImplemented', {
        message: `The field "${name}" is not implemented.`,
        fields: [['Field', name]],
      })
    }
  }
  const all = (name: string) => lines.filter(([own]) => own === name).map(([, value]) => value)
  return { get: (name) => all(name)[0], all, lines: () => lines }
}
