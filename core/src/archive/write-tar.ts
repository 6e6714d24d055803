import { AisError } from '../errors/ais-error.ts'
import { checkMemberName, type NewMember } from './member.ts'
import { formatTarHeader, tarBlockBytes, tarPadding } from './tar-header.ts'

const zeros = new Uint8Array(2 * tarBlockBytes)

/** One file as it lies in a tar file. @throws AisError `ErrInternal` its content is longer or shorter than stated */
export async function* tarMember(member: NewMember): AsyncGenerator<Uint8Array> {
  checkMemberName(member.name)
  yield formatTarHeader(member.name, member.sizeBytes, member.mtimeSeconds)
  yield* contentOf(member)
  const padding = tarPadding(member.sizeBytes)
  if (padding > 0) yield zeros.subarray(0, padding)
}

/** The content of a file on its way into an archive. @throws AisError `ErrInternal` as `tarMember` */
export async function* contentOf(member: NewMember): AsyncGenerator<Uint8Array> {
  const { content, sizeBytes } = member
  if (content instanceof Uint8Array) {
    if (content.length !== sizeBytes) throw wrongSize(member, content.length)
    if (sizeBytes > 0) yield content
    return
  }
  let size = 0
  for await (const chunk of content) {
    size += chunk.length
    if (size > sizeBytes) break
    yield chunk
  }
  if (size !== sizeBytes) throw wrongSize(member, size)
}

function wrongSize({ name, sizeBytes }: NewMember, actual: number): AisError {
  return new AisError('ErrInternal', `${name}: ${actual} bytes instead of ${sizeBytes}`)
}

/** What closes a tar file. */
export function tarEnd(): Uint8Array {
  return zeros
}

/** A whole tar file. */
export async function* writeTar(members: AsyncIterable<NewMember>): AsyncGenerator<Uint8Array> {
  for await (const member of members) yield* tarMember(member)
  yield tarEnd()
}
