import { isAlphaNice } from '../algorithms/short-id.ts'
import { AisError } from '../errors/ais-error.ts'
import {
  type AccessKey,
  accessKeysMax,
  type Credentials,
  type User,
  usersMax,
} from './credentials.ts'
import { type EnrolledEdge, edgesMax } from './enrolled-edge.ts'

/** A change that is one step: version up by one. */
function next(credentials: Credentials, changes: Partial<Credentials>): Credentials {
  return { ...credentials, ...changes, version: credentials.version + 1 }
}

/** @throws AisError `ErrNotFound` */
export function userNamed({ users }: Credentials, id: string): User {
  const user = users.get(id)
  if (user === undefined) throw new AisError('ErrNotFound', `user "${id}" does not exist`)
  return user
}

/** @throws AisError `ErrAlreadyExists`; `ErrBadRequest` too many */
export function withEdge(credentials: Credentials, edge: EnrolledEdge): Credentials {
  const { edges } = credentials
  if (edges.has(edge.id)) throw new AisError('ErrAlreadyExists', `edge "${edge.id}" already exists`)
  if (edges.size >= edgesMax) throw new AisError('ErrBadRequest', `no more than ${edgesMax} edges`)
  return next(credentials, { edges: new Map([...edges, [edge.id, edge]]) })
}

/** @throws AisError `ErrNotFound` */
export function withoutEdge(credentials: Credentials, id: string): Credentials {
  const edges = new Map(credentials.edges)
  if (!edges.delete(id)) throw new AisError('ErrNotFound', `edge "${id}" does not exist`)
  return next(credentials, { edges })
}

/** @throws AisError `ErrNotFound` */
export function keyNamed({ keys }: Credentials, id: string): AccessKey {
  const key = keys.get(id)
  if (key === undefined) throw new AisError('ErrNotFound', `access key "${id}" does not exist`)
  return key
}

/** @throws AisError `ErrBadRequest` malformed ID, or too many; `ErrAlreadyExists` */
export function withUser(credentials: Credentials, user: User): Credentials {
  const { users } = credentials
  if (user.id === '' || !isAlphaNice(user.id)) {
    throw new AisError(
      'ErrBadRequest',
      `"id": "${user.id}" is no user ID: letters, digits, "-" and "_", at most 32`,
    )
  }
  if (users.has(user.id)) throw new AisError('ErrAlreadyExists', `user "${user.id}" already exists`)
  if (users.size >= usersMax) throw new AisError('ErrBadRequest', `no more than ${usersMax} users`)
  return next(credentials, { users: new Map([...users, [user.id, user]]) })
}

/** The user and the user's keys. @throws AisError `ErrNotFound` */
export function withoutUser(credentials: Credentials, id: string): Credentials {
  userNamed(credentials, id)
  return next(credentials, {
    users: new Map([...credentials.users].filter(([own]) => own !== id)),
    keys: new Map([...credentials.keys].filter(([, key]) => key.user !== id)),
  })
}

/** @throws AisError `ErrNotFound` the user; `ErrAlreadyExists`; `ErrBadRequest` too many */
export function withKey(credentials: Credentials, key: AccessKey): Credentials {
  const { keys } = credentials
  userNamed(credentials, key.user)
  if (keys.has(key.id)) {
    throw new AisError('ErrAlreadyExists', `access key "${key.id}" already exists`)
  }
  if (keys.size >= accessKeysMax) {
    throw new AisError('ErrBadRequest', `no more than ${accessKeysMax} access keys`)
  }
  return next(credentials, { keys: new Map([...keys, [key.id, key]]) })
}

/** @throws AisError `ErrNotFound` */
export function withoutKey(credentials: Credentials, id: string): Credentials {
  keyNamed(credentials, id)
  return next(credentials, {
    keys: new Map([...credentials.keys].filter(([own]) => own !== id)),
  })
}

/** `undefined`: the key is as told already. @throws AisError `ErrNotFound` */
export function withKeyState(
  credentials: Credentials,
  id: string,
  disabled: boolean,
): Credentials | undefined {
  const key = keyNamed(credentials, id)
  if (key.disabled === disabled) return undefined
  return next(credentials, { keys: new Map([...credentials.keys, [id, { ...key, disabled }]]) })
}
