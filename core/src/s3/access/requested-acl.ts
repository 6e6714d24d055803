import type { Credentials } from '../../cluster/credentials.ts'
import { limits } from '../../config/limits.ts'
import type { Platform } from '../../ports/platform.ts'
import type { S3Call } from '../s3-call.ts'
import { S3Error } from '../s3-error.ts'
import { verifiedBody } from '../verified-body.ts'
import { parseXml } from '../xml-reader.ts'
import type { Grant } from './acl.ts'
import { parseAclDocument } from './acl-document.ts'
import { type AclOwners, grantsOfHeaders } from './acl-headers.ts'

/**
 * The grants of a PUT with `acl`: from its headers, or else from the document that is its body.
 * @throws S3Error `MalformedACLError`, `MissingSecurityHeader` neither, `InvalidRequest` both; as `grantsOfHeaders` and
 * `parseAclDocument`
 */
export async function requestedAcl(
  s3: S3Call,
  platform: Platform,
  owners: AclOwners,
  credentials: Credentials,
): Promise<readonly Grant[]> {
  const named = grantsOfHeaders((name) => s3.call.headers.get(name), owners, credentials)
  const body = await verifiedBody(s3, platform, limits.jsonBytesMax)
  if (named !== undefined) {
    if (body.length === 0) return named
    throw new S3Error('InvalidRequest', { message: 'An ACL is either in headers or in the body.' })
  }
  if (body.length === 0) throw new S3Error('MissingSecurityHeader')
  const root = readDocument(body)
  if (root.name !== 'AccessControlPolicy') throw new S3Error('MalformedACLError')
  return parseAclDocument(root, owners.owner, credentials)
}

function readDocument(body: Uint8Array) {
  try {
    return parseXml(body)
  } catch (cause) {
    throw new S3Error('MalformedACLError', { cause })
  }
}
