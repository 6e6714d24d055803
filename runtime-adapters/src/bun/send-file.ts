import type { SendFile } from '../http1/tcp-socket.ts'

/**
 * sendfile(2) through `bun:ffi`: no byte passes through this process. `undefined` where it cannot be had: files are then
 * copied.
 */
export async function loadSendFile(): Promise<SendFile | undefined> {
  try {
    const { dlopen, FFIType, ptr } = await import('bun:ffi')
    const { symbols } = dlopen('libc.so.6', {
      sendfile: {
        args: [FFIType.i32, FFIType.i32, FFIType.ptr, FFIType.u64_fast],
        returns: FFIType.i64_fast,
      },
    })
    const position = new BigInt64Array(1)
    const pointer = ptr(position)
    return (socketFd, fileFd, offset, count) => {
      position[0] = BigInt(offset)
      return Math.max(0, Number(symbols.sendfile(socketFd, fileFd, pointer, count)))
    }
  } catch {
    return undefined
  }
}
