import type { Access } from '../../node/access.ts'
import { isMarker, isOrder, listedRow, versionIdOf } from '../../object/version-name.ts'
import { ensureVersion } from '../../target/rebalance/newest-version.ts'
import type { Place, TargetNode } from '../../target/target.ts'
import { findVersion, isVersioned, newestVersion } from '../../target/version-rows.ts'
import { httpDate } from '../../wire/http-date.ts'
import type { S3Call } from '../s3-call.ts'
import { S3Error } from '../s3-error.ts'
import { s3Place } from './s3-place.ts'

/** The version that a call names; `undefined`: the current one. @throws S3Error `InvalidArgument` */
export function statedVersion({ query }: S3Call): string | undefined {
  const id = query.get('versionId')
  if (id === undefined || id === 'null' || isOrder(id)) return id
  throw invalidVersion(id)
}

export function invalidVersion(id: string): S3Error {
  return new S3Error('InvalidArgument', {
    message: 'Invalid version id specified',
    fields: [
      ['ArgumentName', 'versionId'],
      ['ArgumentValue', id],
    ],
  })
}

export function noSuchVersion(key: string, id: string): S3Error {
  return new S3Error('NoSuchVersion', {
    fields: [
      ['Key', key],
      ['VersionId', id],
    ],
  })
}

/**
 * The place of a call that reads or changes one version, the current one or that of `versionId`.
 * @throws S3Error `NoSuchVersion`; `NoSuchKey` and `MethodNotAllowed` of a delete marker; as `s3Place`
 */
export async function versionPlace(s3: S3Call, target: TargetNode, need: Access): Promise<Place> {
  const id = statedVersion(s3)
  const place = await s3Place(s3, target, need)
  if (id === undefined) {
    if (!isVersioned(place)) return place
    const newest = newestVersion(target.mountpaths(), place)
    if (newest === undefined || !isMarker(newest)) return place
    throw new S3Error('NoSuchKey', {
      fields: [['Key', place.name]],
      headers: [
        ['x-amz-delete-marker', 'true'],
        ['x-amz-version-id', versionIdOf(newest)],
      ],
    })
  }
  if (id === 'null' && !isVersioned(place)) return place
  await ensureVersion(target, place, id)
  const kept = findVersion(target.mountpaths(), place, id)
  if (kept === undefined) throw noSuchVersion(place.name, id)
  if (!isMarker(kept)) return { ...place, name: listedRow(kept.name) }
  const meta = kept.mountpath.load(place.bucket, kept.name)
  throw new S3Error('MethodNotAllowed', {
    fields: [
      ['Method', s3.method],
      ['ResourceType', 'DeleteMarker'],
    ],
    headers: [
      ['x-amz-delete-marker', 'true'],
      ['x-amz-version-id', id],
      ['Allow', 'DELETE'],
      ...(meta === undefined
        ? []
        : ([['Last-Modified', httpDate(Number(meta.mtimeNs / 1_000_000n))]] as const)),
    ],
  })
}
