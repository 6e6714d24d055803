/** The control body of AIStore. @see AIStore apc.ActMsg */
export interface Action {
  readonly action: string
  readonly name: string
  readonly value: unknown
}

export function action(verb: string, value: unknown = null, name = ''): Action {
  return { action: verb, name, value }
}
