/** Layout of `atime` in listings unless the client asks for another. */
export const rfc822 = '02 Jan 06 15:04 MST'
export const rfc3339Nano = '2006-01-02T15:04:05.999999999Z07:00'
/** Creation time of a Smap. */
export const dateTimeSec = '2006-01-02 15:04:05'
/** Go's zero time as JSON writes it: "not yet". */
export const goZeroTime = '0001-01-01T00:00:00Z'
/** `lastupdate_time` of the configuration. */
export const goDefaultTime = '2006-01-02 15:04:05.999999999 -0700 MST'

/** Longest layout a client may send, in characters. */
export const timeFormatLengthMax = 128

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

// The elements of a Go layout, longest first where one begins another.
const elements =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|__2|_2(?!006)|2006|002|0[1-6]|15|[1-5]|PM|pm|[Z-]07:00:00|[Z-]070000|[Z-]07:00|[Z-]0700|[Z-]07|[.,](?:0+|9+)(?![0-9])/g

const nsPerMs = 1_000_000n

/**
 * Writes a time by a Go layout (`02 Jan 06 15:04 MST`), in UTC. An empty layout is RFC 822.
 * Text that is no element stands as it is.
 * @param ns Unix nanoseconds
 */
export function formatGoTime(ns: bigint, layout: string): string {
  const fractionNs = Number(((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)
  const date = new Date(Number((ns - BigInt(fractionNs)) / nsPerMs))
  return (layout === '' ? rfc822 : layout).replace(elements, (element) =>
    formatElement(element, date, fractionNs),
  )
}

function formatElement(element: string, date: Date, fractionNs: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const month = months[date.getUTCMonth()] ?? ''
  const day = days[date.getUTCDay()] ?? ''
  const hour = date.getUTCHours()
  switch (element) {
    case 'January':
      return month
    case 'Jan':
      return month.slice(0, 3)
    case 'Monday':
      return day
    case 'Mon':
      return day.slice(0, 3)
    case 'MST':
      return 'UTC'
    case '2006':
      return String(date.getUTCFullYear()).padStart(4, '0')
    case '06':
      return two(date.getUTCFullYear() % 100)
    case '01':
      return two(date.getUTCMonth() + 1)
    case '1':
      return String(date.getUTCMonth() + 1)
    case '02':
      return two(date.getUTCDate())
    case '_2':
      return String(date.getUTCDate()).padStart(2)
    case '2':
      return String(date.getUTCDate())
    case '002':
      return String(dayOfYear(date)).padStart(3, '0')
    case '__2':
      return String(dayOfYear(date)).padStart(3)
    case '15':
      return two(hour)
    case '03':
      return two(hour % 12 || 12)
    case '3':
      return String(hour % 12 || 12)
    case '04':
      return two(date.getUTCMinutes())
    case '4':
      return String(date.getUTCMinutes())
    case '05':
      return two(date.getUTCSeconds())
    case '5':
      return String(date.getUTCSeconds())
    case 'PM':
      return hour < 12 ? 'AM' : 'PM'
    case 'pm':
      return hour < 12 ? 'am' : 'pm'
  }
  if (element.startsWith('Z')) return 'Z'
  if (element.startsWith('-')) return `+${element.slice(1).replaceAll('7', '0')}`
  return formatFraction(element, fractionNs)
}

/** `.000` keeps its digits, `.999` drops trailing zeros and, when none are left, the point. */
function formatFraction(element: string, fractionNs: number): string {
  const digits = String(fractionNs)
    .padStart(9, '0')
    .padEnd(element.length - 1, '0')
  const kept = digits.slice(0, element.length - 1)
  if (element[1] === '0') return element.charAt(0) + kept
  const trimmed = kept.replace(/0+$/, '')
  return trimmed === '' ? '' : element.charAt(0) + trimmed
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1
}

/** A time as Go's JSON writes it: RFC 3339 with as many digits as are needed. */
export function formatRfc3339(ns: bigint): string {
  return formatGoTime(ns, rfc3339Nano)
}
