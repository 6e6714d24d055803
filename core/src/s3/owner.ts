import type { Credentials } from '../cluster/credentials.ts'
import type { ListEntry } from '../object/list-entry.ts'
import type { NamedBucket } from './find-bucket.ts'
import type { XmlNode } from './xml-writer.ts'

/** Who owns what no user made: a canonical ID as Amazon's, and its name. */
const clusterOwner = {
  id: '0'.repeat(64),
  name: 'ais',
} as const

/** Who is told to own something: no user owns what has no owner. */
export function shownOwner(canonicalId: string | undefined): string {
  return canonicalId === undefined || canonicalId === '' ? clusterOwner.id : canonicalId
}

/** The name of who has a canonical ID; empty when it is no user any more. */
export function displayNameOf(canonicalId: string, { users }: Credentials): string {
  if (canonicalId === clusterOwner.id) return clusterOwner.name
  for (const user of users.values()) if (user.canonicalId === canonicalId) return user.displayName
  return ''
}

/** `Owner` of each entry of a bucket's listing. */
export function ownersOf({ props }: NamedBucket, credentials: Credentials) {
  const nodes = new Map<string, XmlNode>()
  return ({ owner = props.s3.owner ?? '' }: ListEntry): XmlNode => {
    const known = nodes.get(owner) ?? ownerNode(owner, credentials)
    nodes.set(owner, known)
    return known
  }
}

/** `Owner`, or `Initiator` of an upload. @param canonicalId absent or empty: what no user made */
export function ownerNode(
  canonicalId: string | undefined,
  credentials: Credentials,
  element: 'Owner' | 'Initiator' = 'Owner',
): XmlNode {
  const id = shownOwner(canonicalId)
  return [
    element,
    [
      ['ID', id],
      ['DisplayName', displayNameOf(id, credentials)],
    ],
  ]
}
