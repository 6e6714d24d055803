import type { Credentials, User } from '../../cluster/credentials.ts'
import { displayNameOf } from '../owner.ts'
import { S3Error } from '../s3-error.ts'
import { childrenOf, childText, findChild, type XmlElement } from '../xml-reader.ts'
import type { XmlNode } from '../xml-writer.ts'
import {
  type AclGroup,
  aclGroups,
  aclPermissions,
  type Grant,
  grantsMax,
  isAclGroup,
} from './acl.ts'

function userOf(credentials: Credentials, is: (user: User) => boolean): User | undefined {
  return [...credentials.users.values()].find(is)
}

const invalid = (message: string, name: string, value: string) =>
  new S3Error('InvalidArgument', {
    message,
    fields: [
      ['ArgumentName', name],
      ['ArgumentValue', value],
    ],
  })

/**
 * Whom a grant is for, by a canonical ID, a group's URI or an address.
 * @param keep a grantee that is there already and needs no user any more
 * @throws S3Error `InvalidArgument`, `UnresolvableGrantByEmailAddress`
 */
export function granteeOf(
  kind: 'id' | 'uri' | 'emailAddress',
  value: string,
  credentials: Credentials,
  keep: string,
): string {
  if (kind === 'uri') {
    const group = Object.entries(aclGroups).find(([, uri]) => uri === value)?.[0]
    if (group !== undefined) return group
    throw invalid('Invalid group uri', 'uri', value)
  }
  if (kind === 'emailAddress') {
    const user = value === '' ? undefined : userOf(credentials, ({ email }) => email === value)
    if (user !== undefined) return user.canonicalId
    throw new S3Error('UnresolvableGrantByEmailAddress')
  }
  if (value === keep && value !== '') return value
  const user = userOf(credentials, ({ canonicalId }) => canonicalId === value)
  if (user === undefined) throw invalid('Invalid id', 'CanonicalUser/ID', value)
  return value
}

/**
 * The grants of an `AccessControlPolicy`.
 * @param owner canonical ID of who owns what it is for: the document must say the same
 * @throws S3Error `MalformedACLError`, `AccessDenied` another owner, and as `granteeOf`
 */
export function parseAclDocument(
  root: XmlElement,
  owner: string,
  credentials: Credentials,
): readonly Grant[] {
  const malformed = () => new S3Error('MalformedACLError')
  const stated = findChild(root, 'Owner')
  const list = findChild(root, 'AccessControlList')
  if (stated === undefined || list === undefined) throw malformed()
  const grants = childrenOf(list, 'Grant').map((grant): Grant => {
    const grantee = findChild(grant, 'Grantee')
    const text = childText(grant, 'Permission')
    const permission = aclPermissions.find((known) => known === text)
    if (grantee === undefined || permission === undefined) throw malformed()
    const [id, uri, email] = ['ID', 'URI', 'EmailAddress'].map((name) => childText(grantee, name))
    if (uri !== undefined) {
      return { permission, grantee: granteeOf('uri', uri, credentials, owner) }
    }
    if (email !== undefined) {
      return { permission, grantee: granteeOf('emailAddress', email, credentials, owner) }
    }
    if (id === undefined) throw malformed()
    return { permission, grantee: granteeOf('id', id, credentials, owner) }
  })
  if (grants.length > grantsMax) throw malformed()
  if (childText(stated, 'ID') !== owner) throw new S3Error('AccessDenied')
  return grants
}

const schema = 'http://www.w3.org/2001/XMLSchema-instance'

function granteeNode(grantee: string, credentials: Credentials): XmlNode {
  const attributes = (type: string) => ({ 'xmlns:xsi': schema, 'xsi:type': type })
  if (isAclGroup(grantee)) {
    const group: AclGroup = grantee
    return ['Grantee', [['URI', aclGroups[group]]], attributes('Group')]
  }
  const content: XmlNode[] = [
    ['ID', grantee],
    ['DisplayName', displayNameOf(grantee, credentials)],
  ]
  return ['Grantee', content, attributes('CanonicalUser')]
}

/** Groups come first, as stores that sort have them; clients must not mind the order. */
export function aclDocument(
  grants: readonly Grant[],
  ownerNode: XmlNode,
  credentials: Credentials,
): XmlNode {
  const rank = ({ grantee }: Grant) => (isAclGroup(grantee) ? 0 : 1)
  const list = grants
    .toSorted((a, b) => rank(a) - rank(b))
    .map(
      ({ permission, grantee }): XmlNode => [
        'Grant',
        [granteeNode(grantee, credentials), ['Permission', permission]],
      ],
    )
  return ['AccessControlPolicy', [ownerNode, ['AccessControlList', list]]]
}
