import { type Fields, isFields, numberOf, textOf } from '@aistore-ts/sdk/decode.ts'
import { yesNo } from '../format/plural.ts'
import { type PropRow, propRows } from './prop-rows.ts'

/** A bucket's settings with one row a section. */
export function compactRows(props: Fields): PropRow[] {
  const whole = new Map(propRows(props))
  const section = (name: string): Fields => {
    const value = props[name]
    return isFields(value) ? value : {}
  }
  const checksum = section('checksum')
  const validations = ['cold_get', 'warm_get', 'obj_move'].filter(
    (name) => checksum[`validate_${name}`] === true,
  )
  const mirror = section('mirror')
  const ec = section('ec')
  const versioning = section('versioning')
  const lru = section('lru')
  const rows: PropRow[] = [
    ['access', whole.get('access') ?? ''],
    [
      'checksum',
      `Type: ${textOf(checksum.type)} | Validate: ${validations.length === 0 ? 'Nothing' : validations.join(',')}`,
    ],
    ['chunks', chunksText(section('chunks'))],
    ['created', whole.get('created') ?? ''],
    [
      'ec',
      ec.enabled === true
        ? `${numberOf(ec.data_slices)}:${numberOf(ec.parity_slices)} (objsize limit ${textOf(ec.objsize_limit)})`
        : 'Disabled',
    ],
    ['lru', lru.enabled === true ? 'Enabled' : 'Disabled'],
    ['mirror', mirror.enabled === true ? `${numberOf(mirror.copies)} copies` : 'Disabled'],
    ['present', whole.get('present') ?? ''],
    ['provider', textOf(props.provider)],
    [
      'versioning',
      versioning.enabled === true
        ? `Enabled | Validate on WarmGET: ${yesNo(versioning.validate_warm_get === true)}`
        : 'Disabled',
    ],
  ]
  return rows
}

function chunksText(chunks: Fields): string {
  const limit = textOf(chunks.objsize_limit)
  if (limit === '' || limit === '0B') return 'auto-chunking disabled'
  return `${limit} (chunk size ${textOf(chunks.chunk_size)})`
}
