import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'

/** Takes a mountpath out of service, once and for good. */
export interface FaultGate {
  /** @throws AisError `ErrMountpathFaulted` after a fault, `ErrNotReady` after `shut` */
  check(): void
  /** Notes the first fault and gives the error that the request fails with. */
  raise(what: string, cause: unknown): AisError
  /** No more calls: the mountpath is closing. */
  shut(): void
  readonly faulted: boolean
  /** `check` would not throw. */
  readonly open: boolean
}

export function createFaultGate(
  path: string,
  log: Log,
  onFault: (error: AisError) => void,
): FaultGate {
  let fault: AisError | undefined
  let closed = false
  return {
    check: () => {
      if (fault !== undefined) throw fault
      if (closed) throw new AisError('ErrNotReady', `mountpath ${path} is closed`)
    },
    raise: (what, cause) => {
      if (fault === undefined) {
        fault = new AisError(
          'ErrMountpathFaulted',
          `mountpath ${path} is out of service: ${what}`,
          {
            cause,
          },
        )
        log.error('mountpath is out of service', { mountpath: path, what, cause: String(cause) })
        onFault(fault)
      }
      return fault
    },
    shut: () => {
      closed = true
    },
    get faulted() {
      return fault !== undefined
    },
    get open() {
      return fault === undefined && !closed
    },
  }
}
