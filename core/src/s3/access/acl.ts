/** What a grant lets somebody do. */
export const aclPermissions = ['FULL_CONTROL', 'READ', 'WRITE', 'READ_ACP', 'WRITE_ACP'] as const

export type AclPermission = (typeof aclPermissions)[number]

/** Groups that Amazon has, by the last word of their URI. */
export const aclGroups = {
  AllUsers: 'http://acs.amazonaws.com/groups/global/AllUsers',
  AuthenticatedUsers: 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers',
  LogDelivery: 'http://acs.amazonaws.com/groups/s3/LogDelivery',
} as const

export type AclGroup = keyof typeof aclGroups

export function isAclGroup(text: string): text is AclGroup {
  return Object.hasOwn(aclGroups, text)
}

export interface Grant {
  readonly permission: AclPermission
  /** A group, or a canonical ID. */
  readonly grantee: string
}

/** Grants of one ACL. Amazon's. */
export const grantsMax = 100

/** What a bucket or an object has that nobody gave an ACL. */
export function privateGrants(owner: string): readonly Grant[] {
  return [{ permission: 'FULL_CONTROL', grantee: owner }]
}

/** As it is kept: `READ:AllUsers FULL_CONTROL:ID`, `-` for none at all; empty when it is the private one. */
export function formatAcl(grants: readonly Grant[], owner: string): string {
  if (grants.length === 0) return '-'
  const [first] = grants
  const isPrivate = grants.length === 1 && first?.grantee === owner
  if (isPrivate && first.permission === 'FULL_CONTROL') return ''
  return grants.map(({ permission, grantee }) => `${permission}:${grantee}`).join(' ')
}

/** Reads what `formatAcl` wrote; a grant that cannot be read grants nothing. */
export function parseAcl(text: string | undefined, owner: string): readonly Grant[] {
  if (text === undefined || text === '') return privateGrants(owner)
  return text.split(' ').flatMap((part): Grant[] => {
    const [name, grantee = ''] = part.split(':')
    const permission = aclPermissions.find((known) => known === name)
    return permission === undefined || grantee === '' ? [] : [{ permission, grantee }]
  })
}

/** Whether grants let everybody, or everybody who has a key, do something. */
export function isPublicAcl(grants: readonly Grant[]): boolean {
  return grants.some(({ grantee }) => grantee === 'AllUsers' || grantee === 'AuthenticatedUsers')
}

/** @param canonicalId of who calls; empty: anonymous @param ignorePublic grants to everybody count for nothing */
export function aclAllows(
  grants: readonly Grant[],
  wanted: AclPermission,
  canonicalId: string,
  ignorePublic: boolean,
): boolean {
  return grants.some(({ permission, grantee }) => {
    if (permission !== wanted && permission !== 'FULL_CONTROL') return false
    if (grantee === 'AllUsers') return !ignorePublic
    if (grantee === 'AuthenticatedUsers') return !ignorePublic && canonicalId !== ''
    return canonicalId !== '' && grantee === canonicalId
  })
}
