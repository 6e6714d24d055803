const solSocket = 1
const soSndbuf = 7

/**
 * Asks the kernel for a send buffer of `sizeBytes` on the listening socket `fd`; accepted sockets inherit it. False where
 * there is no Linux, and that is no error, only a slower reply.
 */
export async function shrinkSendBuffer(fd: number, sizeBytes: number): Promise<boolean> {
  try {
    const { dlopen, FFIType, ptr } = await import('bun:ffi')
    const libc = dlopen('libc.so.6', {
      setsockopt: {
        args: [FFIType.i32, FFIType.i32, FFIType.i32, FFIType.ptr, FFIType.u32],
        returns: FFIType.i32,
      },
    })
    const value = new Int32Array([sizeBytes])
    const failed = libc.symbols.setsockopt(fd, solSocket, soSndbuf, ptr(value), 4)
    libc.close()
    return failed === 0
  } catch {
    return false
  }
}
