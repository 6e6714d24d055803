import { type LookupAddress, lookup as lookUpBySystem } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { type EgressRules, refusedRange } from '@aistore-ts/core/egress/address-guard.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'

/** All addresses of a name, as the system has them. */
export type Resolve = (
  name: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void

/** The system's own way: its hosts file and its name servers. */
export const resolveBySystem: Resolve = (name, done) =>
  lookUpBySystem(name, { all: true, verbatim: true }, done)

/** The error for an address that may not be called. */
export function refusedEgress(host: string, address: string, range: string): AisError {
  const to = host === address ? address : `${host} (${address})`
  return new AisError(
    'ErrForbidden',
    `egress to ${to} is refused: ${range} is not a public address (see downloader.allow_cidrs)`,
  )
}

/**
 * A lookup for one call: the addresses it hands over are the ones that are connected to, and every one of them was judged.
 * A name with a single address that may not be called is refused as a whole: nobody has such a name by honest means.
 */
export function guardedLookup(resolve: Resolve, rules: EgressRules): LookupFunction {
  return (name, options, done) => {
    resolve(name, (error, addresses) => {
      if (error !== null) return done(error, '')
      const first = addresses[0]
      if (first === undefined) return done(new Error(`${name} has no address`), '')
      for (const { address } of addresses) {
        const range = refusedRange(address, rules)
        if (range !== undefined) return done(refusedEgress(name, address, range), '')
      }
      if (options.all === true) done(null, [...addresses])
      else done(null, first.address, first.family)
    })
  }
}
