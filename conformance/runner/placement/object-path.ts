/** A bucket and an object as a path names them. */
export interface ObjectPath {
  readonly bucket: string
  readonly name: string
}

/** The object that `/v1/objects/<bucket>/<name>` names, decoded once; undefined for other paths
 * and for escapes that are no UTF-8. */
export function findObjectPath(url: string): ObjectPath | undefined {
  const match = /^(?:https?:\/\/[^/]+)?\/v1\/objects\/([^/?]+)\/([^?]+)/.exec(url)
  if (match?.[1] === undefined || match[2] === undefined) return undefined
  try {
    return { bucket: decodeURIComponent(match[1]), name: decodeURIComponent(match[2]) }
  } catch {
    return undefined
  }
}
