/** First segments of paths that the native API serves: its own, metrics, and easy URLs. */
const nativeRoots = ['v1', 'metrics', 'ais', 'gs', 'az']

const native = new RegExp(`^/+(?:${nativeRoots.join('|')})(?:[/?]|$)`)

/** Whether a raw target is one of the native API. @see AIStore ais/htrun.go, `registerNetworkHandlers`; docs/easy_url.md */
export function isNativeTarget(target: string): boolean {
  return native.test(target)
}
