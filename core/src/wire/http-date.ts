/** RFC 9110 5.6.7 date of `ms` since the epoch: `Sun, 06 Nov 1994 08:49:37 GMT`. */
export function httpDate(ms: number): string {
  return new Date(ms).toUTCString()
}
