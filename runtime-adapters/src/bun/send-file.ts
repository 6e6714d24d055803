/**
 * Bytes of a file put straight into a socket by the kernel; 0 when it took none: the socket is full, the file ended, or
 * this cannot be done here. Write or read the next bytes to learn which.
 */
export type SendFile = (socketFd: number, fileFd: number, offset: number, count: number) => number

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
