import { AisError } from '../errors/ais-error.ts'
import { checkObjectName } from '../object/object-name.ts'

/**
 * The last part of a link's path, as it is written there.
 * @throws AisError `ErrBadRequest` there is none
 * @see Go path.Base
 */
export function baseName(link: string): string {
  const name = link.replace(/\/+$/, '').split('/').at(-1) ?? ''
  if (name !== '' && name !== '.') return name
  throw new AisError(
    'ErrBadRequest',
    `can not extract a valid 'object_name' from the provided download 'link' "${link}"`,
  )
}

/**
 * A name without what follows `?` or `#`, escapes undone: what is left of a link's last part when it names an object.
 * @throws AisError `ErrBadRequest` for what no object can be called
 * @see AIStore ext/dload/utils.go NormalizeObjName
 */
export function objectNameOf(name: string): string {
  const path = name.split(/[?#]/, 1)[0] ?? ''
  let decoded: string
  try {
    decoded = decodeURIComponent(path === '' ? name : path)
  } catch (cause) {
    throw new AisError('ErrBadRequest', `invalid object name "${name}": a wrong escape`, { cause })
  }
  checkObjectName(decoded, { forWrite: true })
  return decoded
}
