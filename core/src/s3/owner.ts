import type { XmlNode } from './xml-writer.ts'

/** Who owns all there is while calls have no users: a canonical ID as Amazon's, and its name. */
const clusterOwner = {
  id: '0'.repeat(64),
  name: 'ais',
} as const

/** `Owner`, or `Initiator` of an upload. */
export function ownerNode(element: 'Owner' | 'Initiator' = 'Owner'): XmlNode {
  return [
    element,
    [
      ['ID', clusterOwner.id],
      ['DisplayName', clusterOwner.name],
    ],
  ]
}
