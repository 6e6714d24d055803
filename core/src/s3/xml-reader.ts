import { SaxesParser } from 'saxes'
import { utf8Decode } from '../algorithms/utf8.ts'
import { S3Error } from './s3-error.ts'

/** An element of a request body; prefixes and attributes are not kept: S3 means nothing by them. */
export interface XmlElement {
  readonly name: string
  /** Its own text, as it stands. */
  readonly text: string
  readonly children: readonly XmlElement[]
}

/** Elements inside one another: S3's deepest request has six. */
const depthMax = 16
/** Elements of one document: 1,000 keys with four elements each, 10,000 parts with twelve. */
const elementsMax = 200_000

interface Open {
  readonly name: string
  text: string
  readonly children: XmlElement[]
}

/**
 * The root of a request body. Well-formed XML 1.0 without a document type, so without entities but the five of XML.
 * The caller bounds its size.
 * @throws S3Error `MalformedXML`
 */
export function parseXml(bytes: Uint8Array): XmlElement {
  const text = utf8Decode(bytes)
  if (text === undefined) throw new S3Error('MalformedXML')
  const parser = new SaxesParser()
  const open: Open[] = []
  let root: XmlElement | undefined
  let elements = 0
  const refuse = (): never => {
    throw new S3Error('MalformedXML')
  }
  parser.on('error', refuse)
  parser.on('doctype', refuse)
  parser.on('opentag', ({ name }) => {
    elements += 1
    if (open.length >= depthMax || elements > elementsMax) refuse()
    open.push({ name: name.slice(name.indexOf(':') + 1), text: '', children: [] })
  })
  const addText = (part: string): void => {
    const last = open.at(-1)
    if (last) last.text += part
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    const done = open.pop()
    const parent = open.at(-1)
    if (done === undefined) return
    if (parent === undefined) root = done
    else parent.children.push(done)
  })
  parser.write(text).close()
  return root ?? refuse()
}

/** The first child called `name`. */
export function findChild(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name)
}

/** Text of the first child called `name`, or `undefined`. */
export function childText(element: XmlElement, name: string): string | undefined {
  return findChild(element, name)?.text
}

/** All children called `name`. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name)
}

/** The document, which must be a `name`. @throws S3Error `MalformedXML` */
export function parseXmlAs(bytes: Uint8Array, name: string): XmlElement {
  const root = parseXml(bytes)
  if (root.name !== name) throw new S3Error('MalformedXML')
  return root
}
