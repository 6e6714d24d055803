import { formatAcl } from '../../s3/access/acl.ts'
import { aclDocument } from '../../s3/access/acl-document.ts'
import { objectFacts } from '../../s3/access/admission.ts'
import { requestedAcl } from '../../s3/access/requested-acl.ts'
import { checkAclsAllowed, checkNotBlocked } from '../../s3/access/written-object.ts'
import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { loadS3Object } from '../../s3/object/read-s3-object.ts'
import { setPair } from '../../s3/object/set-pair.ts'
import { aclKey } from '../../s3/object/stored-metadata.ts'
import { versionPlace } from '../../s3/object/version-place.ts'
import { s3Operation } from '../../s3/operation.ts'
import { ownerNode, shownOwner } from '../../s3/owner.ts'
import { xmlReply } from '../../s3/s3-replies.ts'

/** GET of an object with `acl`. */
export const getObjectAcl = s3Operation({
  name: 'GetObjectAcl',
  method: 'GET',
  on: 'object',
  query: ['acl'],
  takes: ['versionId'],
  access: 'HEAD-OBJECT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'HEAD-OBJECT'),
  async target(s3, target) {
    const place = await versionPlace(s3, target, 'HEAD-OBJECT')
    const { meta } = loadS3Object(target, place, s3)
    const { owner, grants } = objectFacts(meta, place.bucket.props)
    const credentials = target.metadata.credentials()
    return xmlReply(aclDocument(grants, ownerNode(owner, credentials), credentials))
  },
})

/** PUT of an object with `acl`: as of a bucket. Content and dates stay. */
export const putObjectAcl = s3Operation({
  name: 'PutObjectAcl',
  method: 'PUT',
  on: 'object',
  query: ['acl'],
  takes: ['versionId'],
  access: 'UPDATE-OBJECT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'UPDATE-OBJECT'),
  async target(s3, target) {
    const place = await versionPlace(s3, target, 'UPDATE-OBJECT')
    const { props } = place.bucket
    checkAclsAllowed(props)
    const { owner } = objectFacts(loadS3Object(target, place, s3).meta, props)
    const owners = { owner, bucketOwner: shownOwner(props.s3.owner) }
    const credentials = target.metadata.credentials()
    const grants = await requestedAcl(s3, target.platform, owners, credentials)
    checkNotBlocked(grants, props)
    await setPair(target, place, s3, aclKey, formatAcl(grants, owner))
    return { status: 200, headers: [] }
  },
})
