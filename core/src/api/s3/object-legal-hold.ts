import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { parseLegalHold } from '../../s3/lock/lock-documents.ts'
import { checkLocks, holdKey, legalHoldOf } from '../../s3/lock/object-lock.ts'
import { loadS3Object } from '../../s3/object/read-s3-object.ts'
import { setPair } from '../../s3/object/set-pair.ts'
import { versionPlace } from '../../s3/object/version-place.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedXml } from '../../s3/verified-body.ts'

const bodyBytesMax = 64 * 1024

const common = { on: 'object', query: ['legal-hold'], takes: ['versionId'] } as const

/** GET with `legal-hold`: whether a version stays until somebody says otherwise. */
export const getObjectLegalHold = s3Operation({
  ...common,
  name: 'GetObjectLegalHold',
  method: 'GET',
  access: 'HEAD-OBJECT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'HEAD-OBJECT'),
  async target(s3, target) {
    const place = await versionPlace(s3, target, 'HEAD-OBJECT')
    checkLocks(place.bucket.props)
    const status = legalHoldOf(loadS3Object(target, place, s3).meta.custom)
    if (status === undefined) throw new S3Error('NoSuchObjectLockConfiguration')
    return xmlReply(['LegalHold', [['Status', status]]])
  },
})

export const putObjectLegalHold = s3Operation({
  ...common,
  name: 'PutObjectLegalHold',
  method: 'PUT',
  access: 'UPDATE-OBJECT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'UPDATE-OBJECT'),
  async target(s3, target) {
    const place = await versionPlace(s3, target, 'UPDATE-OBJECT')
    checkLocks(place.bucket.props)
    loadS3Object(target, place, s3)
    const root = await verifiedXml(s3, target.platform, bodyBytesMax, 'LegalHold')
    await setPair(target, place, s3, holdKey, parseLegalHold(root))
    return { status: 200, headers: [] }
  },
})
