import type { Credentials } from '../../cluster/credentials.ts'
import { S3Error } from '../s3-error.ts'
import { type AclPermission, type Grant, grantsMax, privateGrants } from './acl.ts'
import { granteeOf } from './acl-document.ts'

/** Looks up a header, or a field of a form, by its name in lower case. */
export type FieldOf = (name: string) => string | undefined

/** Who owns what an ACL is for. */
export interface AclOwners {
  /** Canonical ID of who owns the bucket or object itself. */
  readonly owner: string
  readonly bucketOwner: string
}

const grantHeaders = {
  'x-amz-grant-read': 'READ',
  'x-amz-grant-write': 'WRITE',
  'x-amz-grant-read-acp': 'READ_ACP',
  'x-amz-grant-write-acp': 'WRITE_ACP',
  'x-amz-grant-full-control': 'FULL_CONTROL',
} as const satisfies Record<string, AclPermission>

/** Grants of a canned ACL. @throws S3Error `InvalidArgument` */
export function cannedGrants(name: string, { owner, bucketOwner }: AclOwners): readonly Grant[] {
  const own = privateGrants(owner)
  switch (name) {
    case 'private':
      return own
    case 'public-read':
      return [{ permission: 'READ', grantee: 'AllUsers' }, ...own]
    case 'public-read-write':
      return [
        { permission: 'READ', grantee: 'AllUsers' },
        { permission: 'WRITE', grantee: 'AllUsers' },
        ...own,
      ]
    case 'authenticated-read':
      return [{ permission: 'READ', grantee: 'AuthenticatedUsers' }, ...own]
    case 'bucket-owner-read':
      if (bucketOwner === owner) return own
      return [...own, { permission: 'READ', grantee: bucketOwner }]
    case 'bucket-owner-full-control':
      if (bucketOwner === owner) return own
      return [...own, { permission: 'FULL_CONTROL', grantee: bucketOwner }]
    case 'log-delivery-write':
      return [
        { permission: 'WRITE', grantee: 'LogDelivery' },
        { permission: 'READ_ACP', grantee: 'LogDelivery' },
        ...own,
      ]
    default:
      throw new S3Error('InvalidArgument', {
        fields: [
          ['ArgumentName', 'x-amz-acl'],
          ['ArgumentValue', name],
        ],
      })
  }
}

/** `id="...", uri="...", emailAddress="..."` */
function parseGrantees(
  text: string,
  header: string,
  credentials: Credentials,
  keep: string,
): string[] {
  return text.split(',').map((part) => {
    const [, kind = '', quoted, plain] =
      /^\s*(id|uri|emailAddress)\s*=\s*(?:"([^"]*)"|([^"\s]*))\s*$/i.exec(part) ?? []
    const value = quoted ?? plain ?? ''
    switch (kind.toLowerCase()) {
      case 'id':
        return granteeOf('id', value, credentials, keep)
      case 'uri':
        return granteeOf('uri', value, credentials, keep)
      case 'emailaddress':
        return granteeOf('emailAddress', value, credentials, keep)
    }
    throw new S3Error('InvalidArgument', {
      message: 'Argument format not recognized',
      fields: [
        ['ArgumentName', header],
        ['ArgumentValue', text],
      ],
    })
  })
}

/** Whether a call names an ACL in its headers. */
export function namesAcl(field: FieldOf): boolean {
  if (field('x-amz-acl') !== undefined) return true
  return Object.keys(grantHeaders).some((name) => field(name) !== undefined)
}

/**
 * The grants that the headers of a call ask for; `undefined`: it does not say.
 * @throws S3Error `InvalidArgument` malformed, or a grantee who is not there; `InvalidRequest` canned and others together;
 * `UnresolvableGrantByEmailAddress`
 */
export function grantsOfHeaders(
  field: FieldOf,
  owners: AclOwners,
  credentials: Credentials,
): readonly Grant[] | undefined {
  const canned = field('x-amz-acl')
  const given = Object.entries(grantHeaders).flatMap(([header, permission]) => {
    const text = field(header)
    if (text === undefined) return []
    const grantees = parseGrantees(text, header, credentials, owners.owner)
    return grantees.map((grantee): Grant => ({ permission, grantee }))
  })
  if (canned !== undefined && given.length > 0) {
    throw new S3Error('InvalidRequest', {
      message: 'Specifying both Canned ACLs and Header Grants is not allowed',
    })
  }
  if (given.length > grantsMax) throw new S3Error('InvalidArgument')
  if (canned !== undefined) return cannedGrants(canned, owners)
  return given.length === 0 ? undefined : given
}
