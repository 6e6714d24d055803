import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8Encode } from '../algorithms/utf8.ts'
import { S3Error } from './s3-error.ts'
import { childrenOf, childText, parseXml, parseXmlAs } from './xml-reader.ts'
import { bareXmlDocument, urlEncodeKey, xmlDocument } from './xml-writer.ts'

const read = (text: string) => parseXml(utf8Encode(text))

describe('XML of S3', () => {
  it('what is written is read back, whatever a key holds that XML can hold', () => {
    const legal = fc
      .string({ unit: 'grapheme' })
      // XML 1.0 has no way to say these; readers refuse them.
      .filter((text) => !/[\p{Cc}\ufffe\uffff]/u.test(text))
    fc.assert(
      fc.property(legal, (key) => {
        const root = read(xmlDocument(['List', [['Key', key]]]))
        expect(childText(root, 'Key')).toBe(key)
      }),
    )
  })

  it('control characters become references, in errors but those that XML 1.0 knows', () => {
    const node = ['Key', 'a\x01\r<&">'] as const
    expect(xmlDocument(node)).toContain('a&#x1;&#xd;&lt;&amp;&quot;&gt;</Key>')
    expect(bareXmlDocument(node)).toContain('<Key>a\ufffd&#xd;&lt;&amp;&quot;&gt;</Key>')
  })

  it('what is undefined is left out, what is empty is not', () => {
    expect(
      bareXmlDocument([
        'A',
        [
          ['B', undefined],
          ['C', ''],
        ],
      ]),
    ).toContain('<A><C></C></A>')
  })

  it('keys by encoding-type=url come back by any decoder', () => {
    expect(urlEncodeKey("foo+1/b r*'()!~")).toBe('foo%2B1/b%20r%2A%27%28%29%21~')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (key) => {
        expect(decodeURIComponent(urlEncodeKey(key).replaceAll('+', ' '))).toBe(key)
      }),
    )
  })

  it('prefixes of namespaces mean nothing', () => {
    const root = read(
      '<s3:Delete xmlns:s3="x"><s3:Object><s3:Key>k</s3:Key></s3:Object></s3:Delete>',
    )
    expect(root.name).toBe('Delete')
    expect(childrenOf(root, 'Object').map((item) => childText(item, 'Key'))).toEqual(['k'])
  })

  it.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['an open element', '<Delete><Object></Delete>'],
    ['an unknown entity', '<Delete>&nbsp;</Delete>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['too deep', '<a>'.repeat(100) + '</a>'.repeat(100)],
  ])('%s is malformed', (_, text) => {
    expect(() => read(text)).toThrow(S3Error)
  })

  it('another document than asked for is malformed', () => {
    expect(() => parseXmlAs(utf8Encode('<Other/>'), 'Delete')).toThrow(S3Error)
    expect(() => parseXml(new Uint8Array([0x3c, 0xff]))).toThrow(S3Error)
  })

  it('no text makes it fail in another way', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '/', 'a', '&', ';', '!', '[', '"', ' ') }),
        (text) => {
          try {
            read(text)
          } catch (error) {
            expect(error).toBeInstanceOf(S3Error)
          }
        },
      ),
    )
  })
})
