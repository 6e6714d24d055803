import { S3Error } from '../s3-error.ts'
import { childrenOf, childText, findChild, type XmlElement } from '../xml-reader.ts'
import type { XmlNode } from '../xml-writer.ts'
import type { LifecycleRule } from './lifecycle-rules.ts'

const rulesMax = 1000
const idLengthMax = 255
const newerVersionsMax = 100

const malformed = () => new S3Error('MalformedXML')
const invalid = (message: string) => new S3Error('InvalidArgument', { message })

/** What ours do not do: there is one storage class. */
const transitions = ['Transition', 'NoncurrentVersionTransition'] as const

function wholeNumber(text: string, least: number, name: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw malformed()
  const number = Number(text)
  if (number >= least && number <= 2 ** 31) return number
  throw invalid(`'${name}' must be ${least === 1 ? 'a positive integer' : `at least ${least}`}`)
}

function optionalNumber(of: XmlElement, name: string, least = 1): number | undefined {
  const text = childText(of, name)
  return text === undefined ? undefined : wholeNumber(text.trim(), least, name)
}

/** @returns Unix ms of a midnight, UTC */
function dateOf(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) throw malformed()
  if (ms % 86_400_000 !== 0) throw invalid("'Date' must be at midnight GMT")
  return ms
}

type Filter = Pick<LifecycleRule, 'bare' | 'prefix' | 'tags' | 'sizeAbove' | 'sizeBelow'>

function tagOf(tag: XmlElement): [string, string] {
  const key = childText(tag, 'Key')
  const value = childText(tag, 'Value')
  if (key === undefined || value === undefined) throw malformed()
  return [key, value]
}

function predicates(of: XmlElement, tags: readonly XmlElement[]): Filter {
  const above = optionalNumber(of, 'ObjectSizeGreaterThan', 0)
  const below = optionalNumber(of, 'ObjectSizeLessThan', 1)
  if (above !== undefined && below !== undefined && below <= above + 1) {
    throw new S3Error('InvalidRequest', {
      message: "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'",
    })
  }
  const pairs = tags.map(tagOf)
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) {
    throw new S3Error('InvalidRequest', { message: 'Duplicate Tag Keys are not allowed.' })
  }
  return {
    prefix: childText(of, 'Prefix') ?? '',
    ...(pairs.length === 0 ? {} : { tags: pairs }),
    ...(above === undefined ? {} : { sizeAbove: above }),
    ...(below === undefined ? {} : { sizeBelow: below }),
  }
}

function filterOf(rule: XmlElement): Filter {
  const filter = findChild(rule, 'Filter')
  const prefix = childText(rule, 'Prefix')
  if ((filter === undefined) === (prefix === undefined)) throw malformed()
  if (filter === undefined) return { bare: true, prefix: prefix ?? '' }
  // A filter has one predicate; `And` is the one that holds several.
  if (filter.children.length > 1) throw malformed()
  const and = findChild(filter, 'And')
  if (and === undefined) return predicates(filter, childrenOf(filter, 'Tag'))
  if (and.children.length < 2) throw malformed()
  return predicates(and, childrenOf(and, 'Tag'))
}

function expirationOf(rule: XmlElement): Pick<LifecycleRule, 'days' | 'dateMs' | 'loneMarkers'> {
  const expiration = findChild(rule, 'Expiration')
  if (expiration === undefined) return {}
  if (expiration.children.length !== 1) throw malformed()
  const days = optionalNumber(expiration, 'Days')
  if (days !== undefined) return { days }
  const date = childText(expiration, 'Date')
  if (date !== undefined) return { dateMs: dateOf(date.trim()) }
  const lone = childText(expiration, 'ExpiredObjectDeleteMarker')?.trim()
  if (lone !== 'true' && lone !== 'false') throw malformed()
  return { loneMarkers: lone === 'true' }
}

function noncurrentOf(rule: XmlElement): Pick<LifecycleRule, 'noncurrentDays' | 'newerNoncurrent'> {
  const noncurrent = findChild(rule, 'NoncurrentVersionExpiration')
  if (noncurrent === undefined) return {}
  const noncurrentDays = optionalNumber(noncurrent, 'NoncurrentDays')
  if (noncurrentDays === undefined) throw malformed()
  const newer = optionalNumber(noncurrent, 'NewerNoncurrentVersions')
  if (newer !== undefined && newer > newerVersionsMax) {
    throw invalid(`'NewerNoncurrentVersions' must be at most ${newerVersionsMax}`)
  }
  return { noncurrentDays, ...(newer === undefined ? {} : { newerNoncurrent: newer }) }
}

function parseRule(rule: XmlElement, at: number): LifecycleRule {
  const status = childText(rule, 'Status')
  if (status !== 'Enabled' && status !== 'Disabled') throw malformed()
  for (const name of transitions) {
    if (findChild(rule, name) === undefined) continue
    throw new S3Error('NotImplemented', { message: `The element ${name} is not implemented.` })
  }
  const id = childText(rule, 'ID') ?? ''
  if (id.length > idLengthMax) {
    throw invalid(`ID length should not exceed allowed limit of ${idLengthMax}`)
  }
  const filter = filterOf(rule)
  const abort = findChild(rule, 'AbortIncompleteMultipartUpload')
  const abortDays = abort && optionalNumber(abort, 'DaysAfterInitiation')
  if (abort !== undefined && abortDays === undefined) throw malformed()
  const actions = {
    ...expirationOf(rule),
    ...noncurrentOf(rule),
    ...(abortDays === undefined ? {} : { abortDays }),
  }
  if (Object.keys(actions).length === 0) {
    throw new S3Error('InvalidRequest', {
      message: 'At least one action needs to be specified in a rule.',
    })
  }
  const narrow = filter.tags ?? filter.sizeAbove ?? filter.sizeBelow
  if (narrow !== undefined && (abort !== undefined || 'loneMarkers' in actions)) {
    const name = abort === undefined ? 'ExpiredObjectDeleteMarker' : abort.name
    throw new S3Error('InvalidRequest', {
      message: `${name} cannot be specified with tags or sizes of objects.`,
    })
  }
  return {
    id: id === '' ? `rule-${at + 1}` : id,
    enabled: status === 'Enabled',
    ...filter,
    ...actions,
  }
}

/**
 * The rules of a `LifecycleConfiguration`. Rules without an ID get one.
 * @throws S3Error `MalformedXML`, `InvalidArgument`, `InvalidRequest`; `NotImplemented` of transitions
 */
export function parseLifecycleDocument(root: XmlElement): readonly LifecycleRule[] {
  const rules = childrenOf(root, 'Rule').map(parseRule)
  if (rules.length === 0 || rules.length > rulesMax) throw malformed()
  if (new Set(rules.map(({ id }) => id)).size < rules.length) {
    throw invalid('Rule ID must be unique. Found same ID for more than one rule')
  }
  return rules
}

function filterNode({ bare, prefix, tags = [], sizeAbove, sizeBelow }: LifecycleRule): XmlNode {
  if (bare) return ['Prefix', prefix]
  const nodes: XmlNode[] = [
    ...(prefix === '' ? [] : [['Prefix', prefix] as const]),
    ...tags.map(
      ([key, value]): XmlNode => [
        'Tag',
        [
          ['Key', key],
          ['Value', value],
        ],
      ],
    ),
    ...(sizeAbove === undefined ? [] : [['ObjectSizeGreaterThan', sizeAbove] as const]),
    ...(sizeBelow === undefined ? [] : [['ObjectSizeLessThan', sizeBelow] as const]),
  ]
  if (nodes.length === 0) return ['Filter', [['Prefix', '']]]
  return ['Filter', nodes.length === 1 ? nodes : [['And', nodes]]]
}

function ruleNode(rule: LifecycleRule): XmlNode {
  const { id, enabled, days, dateMs, loneMarkers, noncurrentDays, newerNoncurrent, abortDays } =
    rule
  const isExpiring = days !== undefined || dateMs !== undefined || loneMarkers !== undefined
  const expiration: readonly XmlNode[] = [
    ['Days', days],
    ['Date', dateMs === undefined ? undefined : new Date(dateMs).toISOString()],
    ['ExpiredObjectDeleteMarker', loneMarkers],
  ]
  const noncurrent: readonly XmlNode[] = [
    ['NoncurrentDays', noncurrentDays],
    ['NewerNoncurrentVersions', newerNoncurrent],
  ]
  return [
    'Rule',
    [
      ['ID', id],
      filterNode(rule),
      ['Status', enabled ? 'Enabled' : 'Disabled'],
      ['Expiration', isExpiring ? expiration : undefined],
      ['NoncurrentVersionExpiration', noncurrentDays === undefined ? undefined : noncurrent],
      [
        'AbortIncompleteMultipartUpload',
        abortDays === undefined ? undefined : [['DaysAfterInitiation', abortDays]],
      ],
    ],
  ]
}

export function lifecycleDocument(rules: readonly LifecycleRule[]): XmlNode {
  return ['LifecycleConfiguration', rules.map(ruleNode)]
}
