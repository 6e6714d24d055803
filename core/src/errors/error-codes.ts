interface ErrorTraits {
  readonly status: number
  /** Upstream sends no `tcode` for plain errors. */
  readonly tcode: boolean
  /** Can the same request succeed later? */
  readonly retry: 'never' | 'later' | 'after-change'
}

/** Every way to say no. @see AIStore cmn/err.go, cmn/cos/err.go */
export const errorCodes = {
  /** A plain error upstream: status 400, no `tcode`. */
  ErrBadRequest: { status: 400, tcode: false, retry: 'never' },
  /** A redirect, not a failure: `Location` says where. Never leaves a node as an error. */
  ErrMovedTo: { status: 307, tcode: false, retry: 'later' },
  ErrUnauthorized: { status: 401, tcode: false, retry: 'after-change' },
  ErrForbidden: { status: 403, tcode: false, retry: 'after-change' },
  ErrBucketAccessDenied: { status: 403, tcode: true, retry: 'after-change' },
  ErrObjectAccessDenied: { status: 403, tcode: true, retry: 'after-change' },
  ErrBckNotFound: { status: 404, tcode: true, retry: 'after-change' },
  ErrRemoteBckNotFound: { status: 404, tcode: true, retry: 'after-change' },
  ErrNotFound: { status: 404, tcode: true, retry: 'after-change' },
  ErrObjDefunct: { status: 404, tcode: true, retry: 'never' },
  ErrMpathNotFound: { status: 404, tcode: true, retry: 'after-change' },
  ErrXactNotFound: { status: 404, tcode: true, retry: 'after-change' },
  ErrMethodNotAllowed: { status: 405, tcode: false, retry: 'never' },
  ErrBucketAlreadyExists: { status: 409, tcode: true, retry: 'after-change' },
  ErrAlreadyExists: { status: 409, tcode: true, retry: 'after-change' },
  ErrBusy: { status: 409, tcode: true, retry: 'later' },
  /** A conditional commit lost. Never leaves the node. */
  ErrPreempted: { status: 409, tcode: false, retry: 'later' },
  ErrGone: { status: 410, tcode: false, retry: 'never' },
  ErrTooLarge: { status: 413, tcode: false, retry: 'never' },
  ErrRangeNotSatisfiable: { status: 416, tcode: true, retry: 'never' },
  ErrTooManyRequests: { status: 429, tcode: true, retry: 'later' },
  ErrBadCksum: { status: 500, tcode: true, retry: 'never' },
  ErrInternal: { status: 500, tcode: false, retry: 'later' },
  ErrUnsupp: { status: 501, tcode: true, retry: 'never' },
  ErrNotImpl: { status: 501, tcode: true, retry: 'never' },
  ErrUnreachable: { status: 502, tcode: false, retry: 'later' },
  ErrNotReady: { status: 503, tcode: false, retry: 'later' },
  ErrNoNodes: { status: 503, tcode: true, retry: 'later' },
  ErrMountpathFaulted: { status: 500, tcode: true, retry: 'later' },
  ErrCapExceeded: { status: 507, tcode: true, retry: 'after-change' },
  ErrInvalidBackendProvider: { status: 400, tcode: true, retry: 'never' },
  ErrClientGone: { status: 499, tcode: false, retry: 'never' },
  ErrPortInUse: { status: 500, tcode: false, retry: 'after-change' },
} as const satisfies Record<string, ErrorTraits>

export type ErrorCode = keyof typeof errorCodes
