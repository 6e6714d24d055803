import { bckCname, objectUname } from '../../bucket/bck.ts'
import { hrwTarget } from '../../cluster/hrw.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checkBucketAccess } from '../../node/access.ts'
import type { Answer, HeaderLine } from '../../ports/call.ts'
import type { TargetNode } from '../../target/target.ts'
import { encodePath } from '../../wire/target.ts'
import { admissionHeader, sourceAdmissionHeader } from '../access/admission.ts'
import { bucketByName, noSuchBucket } from '../find-bucket.ts'
import { innerHeaders, tagsHeader } from '../inner-headers.ts'
import { checkKey, type S3Call } from '../s3-call.ts'
import { S3Error } from '../s3-error.ts'
import { noSuchKey } from './read-s3-object.ts'

/** What `x-amz-copy-source` names. */
export interface CopySource {
  readonly bucket: string
  readonly key: string
  readonly versionId: string | undefined
}

function invalid(): S3Error {
  return new S3Error('InvalidArgument', {
    message: 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    fields: [['ArgumentName', 'x-amz-copy-source']],
  })
}

/**
 * `[/]bucket/key`, percent-encoded; `?versionId=` names a version of it.
 * @throws S3Error `InvalidArgument`
 */
export function copySourceOf({ call }: S3Call): CopySource {
  const text = call.headers.get('x-amz-copy-source') ?? ''
  const mark = text.indexOf('?')
  const path = mark < 0 ? text : text.slice(0, mark)
  const versionId =
    mark < 0 ? undefined : /^\?versionId=([0-9a-zA-Z._-]+)$/.exec(text.slice(mark))?.[1]
  if (mark >= 0 && versionId === undefined) throw invalid()
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    throw invalid()
  }
  const plain = decoded.startsWith('/') ? decoded.slice(1) : decoded
  const slash = plain.indexOf('/')
  if (slash <= 0 || slash === plain.length - 1) throw invalid()
  return { bucket: plain.slice(0, slash), key: plain.slice(slash + 1), versionId }
}

/** Conditions on the source, as a GET of it has them. */
const conditions = [
  ['x-amz-copy-source-if-match', 'if-match'],
  ['x-amz-copy-source-if-none-match', 'if-none-match'],
  ['x-amz-copy-source-if-modified-since', 'if-modified-since'],
  ['x-amz-copy-source-if-unmodified-since', 'if-unmodified-since'],
] as const

const idleMs = 60_000

/**
 * Opens the source, wherever it is: a GET of its owner, which pins the version. The answer's headers are its metadata.
 * @param range of a part that is copied
 * @throws S3Error `NoSuchBucket`, `NoSuchKey`, `PreconditionFailed`, `InvalidRange`; AisError `ErrUnreachable`
 */
export async function openSource(
  target: TargetNode,
  s3: S3Call,
  { bucket, key, versionId }: CopySource,
  range?: string,
): Promise<Answer> {
  checkKey(key)
  const named = bucketByName(target.metadata.bmd(), bucket)
  if (named === undefined) throw noSuchBucket(bucket)
  const { bck, props } = named
  checkBucketAccess(bck, props, 'GET', key)
  const given = conditions.flatMap(([from, to]): HeaderLine[] => {
    const value = s3.call.headers.get(from)
    return value === undefined ? [] : [[to, value]]
  })
  const { headers, network } = s3.call
  const admission = network === 'public' ? undefined : headers.get(sourceAdmissionHeader)
  const owner = hrwTarget(target.metadata.smap(), objectUname(bck, key))
  const payload = { kind: 'unsigned' } as const
  const answer = await target.transport.call(
    owner,
    'data',
    {
      method: 'GET',
      target: `${encodePath(`/s3/${bucket}/${key}`)}${versionId === undefined ? '' : `?versionId=${versionId}`}`,
      headers: [
        ...given,
        ...(range === undefined ? [] : ([['range', range]] as const)),
        ['x-amz-checksum-mode', 'ENABLED'],
        [tagsHeader, 'true'],
        ...innerHeaders({ requestId: s3.requestId, bid: props.bid, payload }),
        ...(admission === undefined ? [] : ([[admissionHeader, admission]] as const)),
      ],
      signal: s3.call.signal,
    },
    idleMs,
  )
  if (answer.status === 200 || answer.status === 206) return answer
  answer.discard()
  throw refusal(answer.status, key, bckCname(bck))
}

function refusal(status: number, key: string, cname: string): Error {
  switch (status) {
    case 404:
      return noSuchKey(key)
    case 304:
    case 412:
      return new S3Error('PreconditionFailed', {
        fields: [['Condition', 'x-amz-copy-source-If-*']],
      })
    case 416:
      return new S3Error('InvalidRange')
    case 403:
      return new S3Error('AccessDenied')
    default:
      return new AisError('ErrUnreachable', `source ${cname}/${key}: status ${status}`)
  }
}
