/** A query or header value as AIStore reads booleans: what is not a known yes is no. @see AIStore cmn/cos/convert.go */
export function parseBool(text: string | undefined): boolean {
  if (text === undefined) return false
  return ['y', 'yes', 'on', '1', 't', 'true'].includes(text.toLowerCase())
}
