import { flag } from '../arguments/flag-spec.ts'

/** Flags of commands that start a job and may wait for it. */
export const waitFlags = [
  flag.switch('wait', 'until its work is done'),
  flag.duration('timeout', 'with --wait: give up after this long'),
] as const
