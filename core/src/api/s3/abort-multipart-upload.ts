import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { s3Place } from '../../s3/object/s3-place.ts'
import { noSuchUpload, s3Upload, uploadIdOf } from '../../s3/object/s3-uploads.ts'
import { s3Operation } from '../../s3/operation.ts'

/** DELETE with `uploadId`: the upload and its parts go. */
export const abortMultipartUpload = s3Operation({
  name: 'AbortMultipartUpload',
  method: 'DELETE',
  on: 'object',
  query: ['uploadId'],
  access: 'DELETE-OBJECT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'DELETE-OBJECT'),
  async target(s3, target) {
    const place = await s3Place(s3, target, 'DELETE-OBJECT')
    const id = uploadIdOf(s3)
    const { mountpath } = s3Upload(target, place, id)
    if (!(await mountpath.uploadAbort(place.bucket, id))) throw noSuchUpload(id)
    return { status: 204, headers: [] }
  },
})
