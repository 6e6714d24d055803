const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Go's RFC 822 layout in the zone of this machine: `22 Nov 26 20:10 UTC`. */
export function formatRfc822(ms: number): string {
  const date = new Date(ms)
  const zone =
    new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' })
      .formatToParts(date)
      .find((part) => part.type === 'timeZoneName')?.value ?? 'UTC'
  const year = two(date.getFullYear() % 100)
  const day = `${two(date.getDate())} ${months[date.getMonth()]} ${year}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())} ${zone}`
}

/** `20:11:07`, local. */
export function formatClock(ms: number): string {
  const date = new Date(ms)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
