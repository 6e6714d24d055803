/** @see AIStore cmn/config.go (restart required) */
const restartKeys = [
  'memsys',
  'net',
  'tracing',
  'timeout.cplane_operation',
  'timeout.max_keepalive',
] as const

/** What of the list covers a setting; `undefined` when it takes effect at once. */
export function restartKeyOf(name: string): string | undefined {
  return restartKeys.find((key) => name === key || name.startsWith(`${key}.`))
}
