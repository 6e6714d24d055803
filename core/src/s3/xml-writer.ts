/** An element: its name, then text or children. `undefined` leaves the element out. */
export type XmlNode = readonly [
  name: string,
  content: XmlContent,
  attributes?: Readonly<Record<string, string>>,
]
export type XmlContent = string | number | boolean | readonly XmlNode[] | undefined

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** What XML 1.0 cannot hold as it is, or what a reader would change (a bare CR). */
const special = /[&<>"\p{Cc}\ufffe\uffff]/gu

const named: Readonly<Record<string, string>> = {
  '\t': '\t',
  '\n': '\n',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/**
 * Text as it stands in a document. Control characters become references, as Amazon writes them: XML 1.0 forbids most of
 * them, and `encoding-type=url` is there for readers that mind.
 */
export function escapeXml(text: string): string {
  return text.replace(special, (char) => named[char] ?? `&#x${char.charCodeAt(0).toString(16)};`)
}

function write([name, content, attributes = {}]: XmlNode): string {
  if (content === undefined) return ''
  const given = Object.entries(attributes).map(([key, text]) => ` ${key}="${escapeXml(text)}"`)
  const open = `<${name}${given.join('')}>`
  if (typeof content === 'object') {
    return `${open}${content.map((child) => write(child)).join('')}</${name}>`
  }
  return `${open}${escapeXml(String(content))}</${name}>`
}

const prologue = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** A whole document in S3's namespace. */
export function xmlDocument([name, content]: XmlNode): string {
  return prologue + write([name, content, { xmlns: namespace }])
}

/** References that XML 1.0 does not know. */
const forbidden = /&#x(?:[0-8bcef]|1[0-9a-f]|fff[ef]);/g

/** A document without a namespace: errors have none. What they quote is always legible, and not always what it was. */
export function bareXmlDocument(root: XmlNode): string {
  return prologue + write(root).replace(forbidden, '\ufffd')
}

/** A name as `encoding-type=url` asks for it: everything but unreserved characters and `/` as `%XX`. */
export function urlEncodeKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
