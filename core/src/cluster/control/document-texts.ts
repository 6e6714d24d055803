import { stringifyJson } from '../../wire/json.ts'
import { type Documents, documentNames, documentsToJson } from './documents.ts'

/** JSON members of those documents that are there, without the braces around them. */
export type DocumentTexts = (documents: Partial<Documents>) => string

/** Most changes leave most documents as they are, and each goes to many nodes: a document's text is made once. */
export function createDocumentTexts(): DocumentTexts {
  const texts = new WeakMap<object, string>()

  function textOf(name: string, document: object): string {
    const known = texts.get(document)
    if (known !== undefined) return known
    const text = stringifyJson(documentsToJson({ [name]: document })).slice(1, -1)
    texts.set(document, text)
    return text
  }

  return (documents) =>
    documentNames
      .flatMap((name) => {
        const document = documents[name]
        return document === undefined ? [] : [textOf(name, document)]
      })
      .join(',')
}
