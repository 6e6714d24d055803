import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { passesGovernance, withBypass } from '../../s3/lock/governance-bypass.ts'
import { parseRetention, retentionDocument } from '../../s3/lock/lock-documents.ts'
import {
  checkLocks,
  checkRetention,
  modeKey,
  retentionOf,
  retentionPairs,
  untilKey,
} from '../../s3/lock/object-lock.ts'
import { loadS3Object } from '../../s3/object/read-s3-object.ts'
import { changePairs } from '../../s3/object/set-pair.ts'
import { versionPlace } from '../../s3/object/version-place.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedXml } from '../../s3/verified-body.ts'

const bodyBytesMax = 64 * 1024

const common = { on: 'object', query: ['retention'], takes: ['versionId'] } as const

/** GET with `retention`: until when a version stays. */
export const getObjectRetention = s3Operation({
  ...common,
  name: 'GetObjectRetention',
  method: 'GET',
  access: 'HEAD-OBJECT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'HEAD-OBJECT'),
  async target(s3, target) {
    const place = await versionPlace(s3, target, 'HEAD-OBJECT')
    checkLocks(place.bucket.props)
    const retention = retentionOf(loadS3Object(target, place, s3).meta.custom)
    if (retention === undefined) throw new S3Error('NoSuchObjectLockConfiguration')
    return xmlReply(retentionDocument(retention))
  },
})

/** PUT with `retention`: longer for who may, shorter or none for who may pass by GOVERNANCE. */
export const putObjectRetention = s3Operation({
  ...common,
  name: 'PutObjectRetention',
  method: 'PUT',
  access: 'UPDATE-OBJECT',
  async proxy(s3, proxy) {
    return relayToOwner(await withBypass(s3, proxy), proxy, 'UPDATE-OBJECT')
  },
  async target(s3, target) {
    const { platform } = target
    const place = await versionPlace(s3, target, 'UPDATE-OBJECT')
    checkLocks(place.bucket.props)
    loadS3Object(target, place, s3)
    const root = await verifiedXml(s3, platform, bodyBytesMax, 'Retention')
    const nowMs = platform.clock.now()
    const next = parseRetention(root, nowMs)
    await changePairs(target, place, s3, (custom) => {
      checkRetention(custom, next, nowMs, passesGovernance(s3))
      const rest = custom.filter(([key]) => key !== modeKey && key !== untilKey)
      return next === undefined ? rest : [...rest, ...retentionPairs(next)]
    })
    return { status: 200, headers: [] }
  },
})
