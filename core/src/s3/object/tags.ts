import { compareUtf8 } from '../../algorithms/utf8.ts'
import { S3Error } from '../s3-error.ts'
import { childrenOf, childText, findChild, type XmlElement } from '../xml-reader.ts'
import type { XmlNode } from '../xml-writer.ts'

/** Under this name an object keeps its tags, as the header `x-amz-tagging` has them. */
export const tagsKey = 'x-amz-tagging'

export type Tags = readonly (readonly [key: string, value: string])[]

/** Of an object. */
const objectTagsMax = 10
const keyLengthMax = 128
const valueLengthMax = 256

/** @throws S3Error `InvalidTag` */
function checkTags(tags: Tags, tagsMax: number): void {
  if (tags.length > tagsMax) {
    throw new S3Error('InvalidTag', { message: `Tags cannot be more than ${tagsMax}` })
  }
  const keys = new Set(tags.map(([key]) => key))
  if (keys.size < tags.length) {
    throw new S3Error('InvalidTag', { message: 'Cannot provide multiple Tags with the same key' })
  }
  for (const [key, value] of tags) {
    if (key === '' || key.length > keyLengthMax) {
      throw new S3Error('InvalidTag', { message: 'The TagKey you have provided is invalid' })
    }
    if (value.length > valueLengthMax) {
      throw new S3Error('InvalidTag', { message: 'The TagValue you have provided is invalid' })
    }
  }
}

/** As they are stored: in order of their keys, as Amazon tells them. */
function formatTags(tags: Tags): string {
  const sorted = [...tags].sort(([a], [b]) => compareUtf8(a, b))
  return sorted.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw new S3Error('InvalidArgument', {
      message:
        'The header x-amz-tagging shall be encoded as UTF-8 then URLEncoded URL query parameters',
      cause,
    })
  }
}

/** Tags as they are stored. */
export function readTags(text: string | undefined): Tags {
  if (text === undefined || text === '') return []
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=')
      if (equals < 0) return [decode(part), '']
      return [decode(part.slice(0, equals)), decode(part.slice(equals + 1))]
    })
}

/** The header's value, checked, as it is stored. @throws S3Error `InvalidTag`, `InvalidArgument` */
export function parseTagHeader(text: string): string {
  const tags = readTags(text)
  checkTags(tags, objectTagsMax)
  return formatTags(tags)
}

/** A `Tagging` document, checked, as it is stored. @throws S3Error `InvalidTag`, `MalformedXML` */
export function parseTagDocument(root: XmlElement, tagsMax = objectTagsMax): string {
  const set = findChild(root, 'TagSet')
  if (set === undefined) throw new S3Error('MalformedXML')
  const tags = childrenOf(set, 'Tag').map((tag): [string, string] => {
    const key = childText(tag, 'Key')
    const value = childText(tag, 'Value')
    if (key === undefined || value === undefined) throw new S3Error('MalformedXML')
    return [key, value]
  })
  checkTags(tags, tagsMax)
  return formatTags(tags)
}

export function tagDocument(tags: Tags): XmlNode {
  const set = tags.map(
    ([key, value]): XmlNode => [
      'Tag',
      [
        ['Key', key],
        ['Value', value],
      ],
    ],
  )
  return ['Tagging', [['TagSet', set]]]
}
