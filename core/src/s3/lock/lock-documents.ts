import { S3Error } from '../s3-error.ts'
import { childText, findChild, type XmlElement } from '../xml-reader.ts'
import type { XmlNode } from '../xml-writer.ts'
import { type BucketLock, type RetentionMode, retentionModes } from './bucket-lock.ts'
import { futureDate, type Retention } from './object-lock.ts'

const malformed = () => new S3Error('MalformedXML')

/** A hundred years. */
const countMax = { Days: 36_500, Years: 100 } as const

function modeOf(element: XmlElement): RetentionMode {
  const text = childText(element, 'Mode')?.trim()
  const mode = retentionModes.find((known) => known === text)
  if (mode === undefined) throw malformed()
  return mode
}

/** @throws S3Error `MalformedXML`, `InvalidRetentionPeriod` */
export function parseBucketLock(root: XmlElement): BucketLock {
  if (childText(root, 'ObjectLockEnabled')?.trim() !== 'Enabled') throw malformed()
  const rule = findChild(root, 'Rule')
  if (rule === undefined) return {}
  const retention = findChild(rule, 'DefaultRetention')
  if (retention === undefined) throw malformed()
  const mode = modeOf(retention)
  const days = childText(retention, 'Days')
  const years = childText(retention, 'Years')
  if ((days === undefined) === (years === undefined)) throw malformed()
  const unit = days === undefined ? 'Years' : 'Days'
  const text = (days ?? years ?? '').trim()
  if (!/^-?\d{1,15}$/.test(text)) throw malformed()
  const count = Number(text)
  if (count < 1 || count > countMax[unit]) {
    throw new S3Error('InvalidRetentionPeriod', {
      message: `Default retention period must be 1 to ${countMax[unit]} ${unit.toLowerCase()}`,
    })
  }
  return { rule: { mode, unit, count } }
}

export function bucketLockDocument({ rule }: BucketLock): XmlNode {
  return [
    'ObjectLockConfiguration',
    [
      ['ObjectLockEnabled', 'Enabled'],
      [
        'Rule',
        rule && [
          [
            'DefaultRetention',
            [
              ['Mode', rule.mode],
              [rule.unit, rule.count],
            ],
          ],
        ],
      ],
    ],
  ]
}

/** `undefined`: none from now on. @throws S3Error `MalformedXML`, `InvalidArgument` of a date that is past */
export function parseRetention(root: XmlElement, nowMs: number): Retention | undefined {
  if (root.children.length === 0) return undefined
  const until = childText(root, 'RetainUntilDate')?.trim()
  const mode = modeOf(root)
  if (until === undefined) throw malformed()
  return { mode, untilMs: futureDate(until, nowMs) }
}

export function retentionDocument({ mode, untilMs }: Retention): XmlNode {
  return [
    'Retention',
    [
      ['Mode', mode],
      ['RetainUntilDate', new Date(untilMs).toISOString()],
    ],
  ]
}

/** @throws S3Error `MalformedXML` */
export function parseLegalHold(root: XmlElement): 'ON' | 'OFF' {
  const status = childText(root, 'Status')?.trim()
  if (status === 'ON' || status === 'OFF') return status
  throw malformed()
}
