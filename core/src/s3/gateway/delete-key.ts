import type { HeaderLine } from '../../ports/call.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { checkWish } from '../auth/authorize-call.ts'
import { toS3Error } from '../error-document.ts'
import type { NamedBucket } from '../find-bucket.ts'
import { innerHeaders } from '../inner-headers.ts'
import { checkKey, type S3Call } from '../s3-call.ts'
import { childText, parseXml } from '../xml-reader.ts'
import { callOwner, objectPath } from './relay-to-owner.ts'

/** Why a key stayed. */
export interface KeptKey {
  readonly code: string
  readonly message: string
}

const errorBytesMax = 64 * 1024

/** Deletes one of many keys at its owner; `undefined` when it is gone. Never throws: the others go on. */
export async function deleteKey(
  proxy: ProxyNode,
  named: NamedBucket,
  s3: S3Call,
  key: string,
  etag: string | undefined,
): Promise<KeptKey | undefined> {
  try {
    checkKey(key)
    const { bck, props } = named
    const { call, requestId } = s3
    checkWish(s3, proxy, { action: 's3:DeleteObject', need: 'DELETE-OBJECT', named, key })
    const condition: HeaderLine[] = etag === undefined ? [] : [['if-match', etag]]
    const answer = await callOwner(proxy, named, key, {
      method: 'DELETE',
      target: objectPath(bck.name, key),
      headers: [
        ...condition,
        ...innerHeaders({ requestId, bid: props.bid, payload: { kind: 'unsigned' } }),
      ],
      signal: call.signal,
    })
    const bytes = await answer.bytes(errorBytesMax)
    if (answer.status < 300) return undefined
    const root = parseXml(bytes)
    return {
      code: childText(root, 'Code') ?? 'InternalError',
      message: childText(root, 'Message') ?? '',
    }
  } catch (error) {
    const { s3Code, message } = toS3Error(error)
    return { code: s3Code, message }
  }
}
