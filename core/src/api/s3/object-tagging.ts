import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { loadS3Object } from '../../s3/object/read-s3-object.ts'
import { setPair } from '../../s3/object/set-pair.ts'
import { pairOf } from '../../s3/object/stored-metadata.ts'
import { parseTagDocument, readTags, tagDocument, tagsKey } from '../../s3/object/tags.ts'
import { versionPlace } from '../../s3/object/version-place.ts'
import { s3Operation } from '../../s3/operation.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedXml } from '../../s3/verified-body.ts'

const bodyBytesMax = 64 * 1024

/** GET with `tagging`: the tags of an object. */
export const getObjectTagging = s3Operation({
  name: 'GetObjectTagging',
  method: 'GET',
  on: 'object',
  query: ['tagging'],
  takes: ['versionId'],
  access: 'HEAD-OBJECT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'HEAD-OBJECT'),
  async target(s3, target) {
    const place = await versionPlace(s3, target, 'HEAD-OBJECT')
    const { meta } = loadS3Object(target, place, s3)
    return xmlReply(tagDocument(readTags(pairOf(meta.custom, tagsKey))))
  },
})

/** PUT with `tagging`: all tags of an object are replaced. */
export const putObjectTagging = s3Operation({
  name: 'PutObjectTagging',
  method: 'PUT',
  on: 'object',
  query: ['tagging'],
  takes: ['versionId'],
  access: 'UPDATE-OBJECT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'UPDATE-OBJECT'),
  async target(s3, target) {
    const place = await versionPlace(s3, target, 'UPDATE-OBJECT')
    // Who may not is told so before anything is read.
    loadS3Object(target, place, s3)
    const root = await verifiedXml(s3, target.platform, bodyBytesMax, 'Tagging')
    await setPair(target, place, s3, tagsKey, parseTagDocument(root))
    return { status: 200, headers: [] }
  },
})

/** DELETE with `tagging`: the tags of an object go. */
export const deleteObjectTagging = s3Operation({
  name: 'DeleteObjectTagging',
  method: 'DELETE',
  on: 'object',
  query: ['tagging'],
  takes: ['versionId'],
  access: 'UPDATE-OBJECT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'UPDATE-OBJECT'),
  async target(s3, target) {
    await setPair(target, await versionPlace(s3, target, 'UPDATE-OBJECT'), s3, tagsKey, '')
    return { status: 204, headers: [] }
  },
})
