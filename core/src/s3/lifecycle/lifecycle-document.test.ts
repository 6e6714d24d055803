import { describe, expect, it } from 'vitest'
import { utf8Encode } from '../../algorithms/utf8.ts'
import { S3Error } from '../s3-error.ts'
import { parseXml } from '../xml-reader.ts'
import { xmlDocument } from '../xml-writer.ts'
import { lifecycleDocument, parseLifecycleDocument } from './lifecycle-document.ts'
import { lifecycleRulesOf } from './lifecycle-rules.ts'

const read = (...rules: readonly string[]) => {
  const body = rules.map((rule) => `<Rule>${rule}</Rule>`).join('')
  const text = `<LifecycleConfiguration>${body}</LifecycleConfiguration>`
  return parseLifecycleDocument(parseXml(utf8Encode(text)))
}

const enabled = '<Status>Enabled</Status>'
const expires = '<Expiration><Days>3</Days></Expiration>'

describe('the lifecycle document', () => {
  it('is read and written as it was', () => {
    const rules = read(
      `<ID>old</ID><Prefix>a/</Prefix>${enabled}${expires}`,
      `<ID>one</ID><Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter>${enabled}
       <Expiration><Date>2026-01-02T00:00:00Z</Date></Expiration>`,
      `<ID>and</ID><Filter><And><Prefix>b</Prefix><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan>
       <ObjectSizeLessThan>9</ObjectSizeLessThan></And></Filter><Status>Disabled</Status>
       <NoncurrentVersionExpiration><NoncurrentDays>2</NoncurrentDays>
       <NewerNoncurrentVersions>4</NewerNoncurrentVersions></NoncurrentVersionExpiration>`,
      `<Filter/>${enabled}<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation>
       </AbortIncompleteMultipartUpload>`,
    )
    expect(rules.map(({ id }) => id)).toEqual(['old', 'one', 'and', 'rule-4'])
    const again = parseXml(utf8Encode(xmlDocument(lifecycleDocument(rules))))
    expect(parseLifecycleDocument(again)).toEqual(rules)
    expect(lifecycleRulesOf(JSON.stringify(rules))).toEqual(rules)
  })

  it.each([
    ['no rule', [], 'MalformedXML'],
    ['no status', [`<Prefix/>${expires}`], 'MalformedXML'],
    ['another status', [`<Prefix/><Status>enabled</Status>${expires}`], 'MalformedXML'],
    ['neither prefix nor filter', [`${enabled}${expires}`], 'MalformedXML'],
    ['both', [`<Prefix/><Filter/>${enabled}${expires}`], 'MalformedXML'],
    ['no action', [`<Prefix/>${enabled}`], 'InvalidRequest'],
    ['no days', [`<Prefix/>${enabled}<Expiration><Days>0</Days></Expiration>`], 'InvalidArgument'],
    [
      'a date that is none',
      [`<Prefix/>${enabled}<Expiration><Date>20200101</Date></Expiration>`],
      'MalformedXML',
    ],
    [
      'two ends',
      [`<Prefix/>${enabled}<Expiration><Days>1</Days><Date>2026-01-02</Date></Expiration>`],
      'MalformedXML',
    ],
    [
      'two predicates without And',
      [
        `<Filter><Prefix>a</Prefix><ObjectSizeLessThan>9</ObjectSizeLessThan></Filter>${enabled}${expires}`,
      ],
      'MalformedXML',
    ],
    [
      'one ID twice',
      [
        `<ID>a</ID><Prefix/>${enabled}${expires}`,
        `<ID>a</ID><Prefix>b</Prefix>${enabled}${expires}`,
      ],
      'InvalidArgument',
    ],
    ['a long ID', [`<ID>${'a'.repeat(256)}</ID><Prefix/>${enabled}${expires}`], 'InvalidArgument'],
    [
      'another storage class',
      [
        `<Prefix/>${enabled}<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>`,
      ],
      'NotImplemented',
    ],
  ])('refuses %s', (_, rules, code) => {
    const refusal = () => read(...rules)
    expect(refusal).toThrow()
    try {
      refusal()
    } catch (error) {
      expect(error instanceof S3Error ? error.s3Code : error).toBe(code)
    }
  })
})
