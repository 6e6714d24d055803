import { describe, expect, it } from 'vitest'
import { S3Error } from '../s3-error.ts'
import { parseXml } from '../xml-reader.ts'
import { corsRulesOf, findCorsRule, parseCorsDocument } from './cors-rules.ts'

function rulesOf(inner: string) {
  return parseCorsDocument(
    parseXml(new TextEncoder().encode(`<CORSConfiguration>${inner}</CORSConfiguration>`)),
  )
}
const rule = (inner: string) =>
  rulesOf(
    `<CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>http://*.a</AllowedOrigin>${inner}</CORSRule>`,
  )

describe('CORS rules', () => {
  it.each<[string, string, string[], boolean]>([
    ['http://x.a', 'GET', [], true],
    ['http://.a', 'GET', [], true],
    ['http://x.b', 'GET', [], false],
    ['http://x.a.evil', 'GET', [], false],
    ['http://x.a', 'PUT', [], false],
    ['http://x.a', 'GET', ['x-amz-meta-a'], true],
    ['http://x.a', 'GET', ['authorization'], false],
  ])('for %s, %s, %j: %s', (origin, method, headers, expected) => {
    const rules = rule('<AllowedHeader>X-Amz-Meta-*</AllowedHeader>')
    expect(findCorsRule(rules, { origin, method, headers }) !== undefined).toBe(expected)
  })

  it('come back as they were stored; what cannot be read allows nothing', () => {
    const rules = rule(
      '<ID>one</ID><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>5</MaxAgeSeconds>',
    )
    expect(corsRulesOf(JSON.stringify(rules))).toEqual(rules)
    expect(corsRulesOf('{"a":1}')).toEqual([])
  })

  it.each([
    ['', 'MalformedXML'],
    ['<Rule/>', 'MalformedXML'],
    ['<CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule>', 'MalformedXML'],
  ])('without what they need: %s', (inner, code) => {
    expect(refusalOf(() => rulesOf(inner))).toBe(code)
  })

  it.each([
    ['<AllowedMethod>PATCH</AllowedMethod>', 'InvalidRequest'],
    ['<AllowedOrigin>http://*.*</AllowedOrigin>', 'InvalidRequest'],
    ['<AllowedOrigin>http://a&#13;&#10;x: y</AllowedOrigin>', 'InvalidRequest'],
    ['<AllowedHeader>a b</AllowedHeader>', 'InvalidRequest'],
    ['<ExposeHeader>*</ExposeHeader>', 'InvalidRequest'],
    ['<ExposeHeader>a&#13;&#10;Set-Cookie: b</ExposeHeader>', 'InvalidRequest'],
    ['<MaxAgeSeconds>-1</MaxAgeSeconds>', 'MalformedXML'],
  ])('refuse %s', (inner, code) => {
    expect(refusalOf(() => rule(inner))).toBe(code)
  })
})

function refusalOf(run: () => unknown): string {
  try {
    run()
    return ''
  } catch (error) {
    return error instanceof S3Error ? error.s3Code : String(error)
  }
}
