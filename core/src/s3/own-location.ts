import type { Call } from '../ports/call.ts'
import type { Tls } from '../ports/tls.ts'

/** URL of a path of this store, as the client of a call calls the store. */
export function ownLocation(call: Call, path: string, { tls }: { readonly tls?: Tls | undefined }) {
  return `${tls === undefined ? 'http' : 'https'}://${call.headers.get('host') ?? ''}${path}`
}
