import type { Answer } from '../http/answer.ts'

/** One way for a server to be wrong, put on every answer of a case. */
export interface Tampering {
  readonly id: string
  spoil(answer: Answer): Answer
}

/** Servers that are wrong in a way of their own; a case worth having notices at least one. */
export const tamperings: readonly Tampering[] = [
  {
    id: 'always-content',
    spoil: (answer) => (answer.status >= 300 ? { ...answer, status: 200 } : answer),
  },
  {
    id: 'always-refuses',
    spoil: (answer) => (answer.status < 400 ? { ...answer, status: 400 } : answer),
  },
  {
    id: 'wrong-refusal',
    spoil: (answer) => (answer.status >= 400 ? { ...answer, status: 418 } : answer),
  },
  { id: 'no-headers', spoil: (answer) => ({ ...answer, headers: [] }) },
  { id: 'no-body', spoil: (answer) => ({ ...answer, body: Buffer.alloc(0) }) },
  { id: 'extra-body', spoil: (answer) => ({ ...answer, body: Buffer.from('spoiled') }) },
  { id: 'flipped-bit', spoil: (answer) => ({ ...answer, body: flipMiddleBit(answer.body) }) },
]

function flipMiddleBit(body: Buffer): Buffer {
  const flipped = Buffer.from(body)
  const middle = flipped.length >> 1
  if (flipped.length > 0) flipped[middle] = (flipped[middle] ?? 0) ^ 1
  return flipped
}
