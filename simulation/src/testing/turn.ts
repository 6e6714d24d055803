/** A macrotask: before it runs, every promise that can settle has. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
