/** Where a connection stands. */
export type Phase =
  /** Between requests, or in the middle of a head. */
  | 'head'
  /** A request is with the handler, its body is under way, or its reply is. */
  | 'call'
  /** The last reply was sent; what still comes is dropped. */
  | 'lingering'
  | 'closed'
