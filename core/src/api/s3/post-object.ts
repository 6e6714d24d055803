import { replyOf } from '../../proxy/relayed-reply.ts'
import { belongingsHeaders, belongingsOf } from '../../s3/access/written-object.ts'
import { checkAmzHeaders } from '../../s3/amz-headers.ts'
import { decideWish, senderOf } from '../../s3/auth/authorize-call.ts'
import { formHeaders } from '../../s3/form/form-headers.ts'
import { formReply } from '../../s3/form/form-reply.ts'
import { heldToLength } from '../../s3/form/held-to-length.ts'
import { readForm } from '../../s3/form/read-form.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { callOwner, objectPath } from '../../s3/gateway/relay-to-owner.ts'
import { innerHeaders } from '../../s3/inner-headers.ts'
import { checkMayLock } from '../../s3/lock/governance-bypass.ts'
import { s3Operation } from '../../s3/operation.ts'
import { checkKey } from '../../s3/s3-call.ts'
import { S3Error } from '../../s3/s3-error.ts'

const fileNameMark = '$' + '{filename}'

/** The key that a form names; `${filename}` in it stands for the name of the file. @throws S3Error `InvalidArgument` */
function keyOf(fields: ReadonlyMap<string, string>, fileName: string): string {
  const key = fields.get('key')?.split(fileNameMark).join(fileName)
  if (key) return key
  throw new S3Error('InvalidArgument', {
    message: "Bucket POST must contain a field named 'key'.",
    fields: [['ArgumentName', 'key']],
  })
}

/** A file on its way to the target, and what went wrong with it. */
async function* noting(
  file: AsyncIterable<Uint8Array>,
  note: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* file
  } catch (error) {
    note(error)
    throw error
  }
}

/** POST of a form to a bucket, as browsers send it: its file becomes an object, as far as the signed policy lets it. */
export const postObject = s3Operation({
  name: 'PostObject',
  method: 'POST',
  on: 'bucket',
  access: 'PUT',
  decidesItself: true,
  async proxy(s3, proxy) {
    const { call, bucket, requestId } = s3
    const named = await namedBucket(proxy, bucket, 'PUT')
    const form = await readForm(call.body, call.headers.get('content-type'))
    const key = keyOf(form.fields, form.fileName)
    const fields = new Map([...form.fields, ['key', key]])
    const { caller, policy } = senderOf(fields, bucket, proxy)
    checkKey(key)
    const headers = formHeaders(fields)
    checkAmzHeaders(headers)
    const field = (name: string) => headers.get(name)
    const wish = { action: 's3:PutObject', need: 'PUT' as const, named, key }
    if (decideWish(s3, proxy, caller, wish, { field }).verdict !== 'allow') {
      throw new S3Error('AccessDenied')
    }
    checkMayLock({ ...s3, key, authorized: caller }, proxy, named, field)
    const { canonicalId } = caller.principal
    const credentials = proxy.metadata.credentials()
    const belongings = belongingsOf(field, canonicalId, named.props, credentials)
    let failure: unknown
    const body = noting(heldToLength(form.file, policy?.length), (error) => {
      failure = error
    })
    try {
      const stored = await callOwner(proxy, named, key, {
        method: 'PUT',
        target: objectPath(named.bck.name, key),
        headers: [
          ...headers.lines(),
          ...innerHeaders({ requestId, bid: named.props.bid, payload: caller.payload }),
          ...belongingsHeaders(belongings),
        ],
        body,
        signal: call.signal,
      })
      if (stored.status !== 200) return await replyOf(stored, 'POST')
      stored.discard()
      return formReply(s3, key, fields, stored, proxy)
    } catch (error) {
      throw failure ?? error
    }
  },
})
