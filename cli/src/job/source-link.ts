/** Hosts of public buckets. */
const gcsHost = 'https://storage.googleapis.com'

/** What a source means as a link: `gs://b/o` and `s3://b/o` are the providers' public addresses, a bare host is `http`. */
export function sourceLink(source: string): string {
  const [, scheme = '', rest = ''] = /^([a-z0-9]+):\/\/(.*)$/is.exec(source) ?? []
  switch (scheme.toLowerCase()) {
    case 'gs':
    case 'gcp':
      return `${gcsHost}/${rest}`
    case 's3':
    case 'aws': {
      const [bucket = '', ...name] = rest.split('/')
      return `https://${bucket}.s3.amazonaws.com/${name.join('/')}`
    }
    case '':
      return `http://${source}`
    default:
      return source
  }
}
