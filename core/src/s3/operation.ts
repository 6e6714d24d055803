import type { Access } from '../node/access.ts'
import type { Reply } from '../ports/call.ts'
import type { ProxyNode } from '../proxy/proxy.ts'
import type { TargetNode } from '../target/target.ts'
import type { S3Call } from './s3-call.ts'
import { S3Error } from './s3-error.ts'
import { subresources } from './subresources.ts'

/** What a call is about. */
export type S3Resource = 'service' | 'bucket' | 'object'

/** An operation of S3 with both halves, as endpoints of the native API have them. */
export interface S3Operation {
  /** As Amazon names it. */
  readonly name: string
  readonly method: string
  readonly on: S3Resource
  /** Subresources that make it this operation. */
  readonly query?: readonly string[]
  /** A header that makes it this operation. */
  readonly header?: string
  /** Subresources that it takes besides. */
  readonly takes?: readonly string[]
  /** What it needs to be permitted; owners, policies and ACLs permit by its name. */
  readonly access: Access
  /** Decides of each of many keys, or by what the body says: only who calls is known when it begins. */
  readonly decidesItself?: boolean
  readonly proxy: (call: S3Call, proxy: ProxyNode) => Promise<Reply>
  /** At the target that owns the object, for what the gateway passes on. */
  readonly target?: (call: S3Call, target: TargetNode) => Promise<Reply>
}

/** Types an operation. */
export function s3Operation(definition: S3Operation): S3Operation {
  return definition
}

export function resourceOf({ bucket, key }: S3Call): S3Resource {
  if (bucket === '') return 'service'
  return key === '' ? 'bucket' : 'object'
}

/**
 * The operation that method, subresources and headers make. A subresource that is not the operation's own makes it
 * another one, which is not there: nothing is done then.
 * @throws S3Error `NotImplemented`, `MethodNotAllowed`
 */
export function chooseOperation(operations: readonly S3Operation[], call: S3Call): S3Operation {
  const on = resourceOf(call)
  const asked = call.query
    .all()
    .filter(([name]) => subresources.has(name))
    .map(([name]) => name)
  const found = operations.find(
    ({ method, on: about, query = [], header }) =>
      method === call.method &&
      about === on &&
      query.every((name) => asked.includes(name)) &&
      (header === undefined || call.call.headers.get(header) !== undefined),
  )
  if (found === undefined) {
    if (asked.length > 0) throw notImplemented(asked[0] ?? '')
    throw new S3Error('MethodNotAllowed', {
      fields: [
        ['Method', call.method],
        ['ResourceType', on.toUpperCase()],
      ],
    })
  }
  const own = [...(found.query ?? []), ...(found.takes ?? [])]
  const other = asked.find((name) => !own.includes(name))
  if (other !== undefined) throw notImplemented(other)
  return found
}

function notImplemented(subresource: string): S3Error {
  return new S3Error('NotImplemented', {
    message: `The subresource "${subresource}" is not implemented for this call.`,
  })
}
