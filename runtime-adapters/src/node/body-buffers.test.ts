import { expect, it } from 'vitest'
import { createBodyBuffers } from './body-buffers.ts'

it('gives a buffer out again only after it was given back', () => {
  const buffers = createBodyBuffers()
  const first = buffers.take()
  expect(buffers.take()).not.toBe(first)
  buffers.give(first)
  expect(buffers.take()).toBe(first)
  buffers.forgo(first)
  expect(buffers.take()).not.toBe(first)
})

it('gives out smaller ones while many are out, whether they come back or not', () => {
  const buffers = createBodyBuffers()
  const large = Array.from({ length: 64 }, () => buffers.take())
  const sizes = new Set(large.map(({ byteLength }) => byteLength))
  expect([...sizes]).toEqual([262_144])
  expect(buffers.take().byteLength).toBe(65_536)
  for (const buffer of large.slice(0, 2)) buffers.forgo(buffer)
  expect(buffers.take().byteLength).toBe(262_144)
})

it('gives a buffer out again that was forgone and came back after all, but no other memory', () => {
  const buffers = createBodyBuffers()
  const { buffer } = buffers.take()
  buffers.forgo(Buffer.from(buffer))
  buffers.recycle(new ArrayBuffer(10))
  expect(buffers.take().buffer).not.toBe(buffer)
  buffers.recycle(buffer)
  expect(buffers.take().buffer).toBe(buffer)
})
