import type { HeaderLine } from '../../ports/call.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { checkWish } from '../auth/authorize-call.ts'
import { toS3Error } from '../error-document.ts'
import type { NamedBucket } from '../find-bucket.ts'
import { innerHeaders } from '../inner-headers.ts'
import { bypassLines } from '../lock/governance-bypass.ts'
import { checkKey, type S3Call } from '../s3-call.ts'
import { childText, parseXml } from '../xml-reader.ts'
import { callOwner, objectPath } from './relay-to-owner.ts'

/** What a delete did: the marker that it made, or took away. */
export interface DeletedKey {
  readonly marker: boolean
  readonly versionId: string | undefined
}

/** Why a key stayed. */
export interface KeptKey {
  readonly code: string
  readonly message: string
}

const errorBytesMax = 64 * 1024

/** Deletes one of many keys at its owner. Never throws: the others go on. */
export async function deleteKey(
  proxy: ProxyNode,
  named: NamedBucket,
  s3: S3Call,
  key: string,
  etag: string | undefined,
  versionId?: string,
): Promise<KeptKey | DeletedKey> {
  try {
    checkKey(key)
    const { bck, props } = named
    const { call, requestId } = s3
    checkWish(s3, proxy, {
      action: versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion',
      need: 'DELETE-OBJECT',
      named,
      key,
    })
    const condition: HeaderLine[] = etag === undefined ? [] : [['if-match', etag]]
    const answer = await callOwner(proxy, named, key, {
      method: 'DELETE',
      target: `${objectPath(bck.name, key)}${versionId === undefined ? '' : `?versionId=${encodeURIComponent(versionId)}`}`,
      headers: [
        ...condition,
        ...innerHeaders({ requestId, bid: props.bid, payload: { kind: 'unsigned' } }),
        ...(versionId === undefined ? [] : bypassLines(s3, proxy, named, key)),
      ],
      signal: call.signal,
    })
    const bytes = await answer.bytes(errorBytesMax)
    if (answer.status < 300) {
      return {
        marker: answer.headers.get('x-amz-delete-marker') === 'true',
        versionId: answer.headers.get('x-amz-version-id'),
      }
    }
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
