/**
 * The virtual directory that `name` falls into below `prefix`, its delimiter included; `undefined` when it is in none. To S3
 * any text is a delimiter, natively it is the slash.
 */
export function directoryOf(name: string, prefix: string, delimiter = '/'): string | undefined {
  const at = name.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : name.slice(0, at + delimiter.length)
}
