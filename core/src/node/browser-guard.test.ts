import { describe, expect, it } from 'vitest'
import type { HeaderBlock } from '../ports/call.ts'
import { guardBrowser } from './browser-guard.ts'

function headers(fields: Record<string, string>): HeaderBlock {
  return { get: (name) => fields[name], all: () => [], lines: () => Object.entries(fields) }
}

const ours = new Set(['store.example'])

describe('browser guard', () => {
  it.each([
    [{ host: '127.0.0.1:8080' }],
    [{ host: 'localhost' }],
    [{ host: '[::1]:8080' }],
    [{ host: 'STORE.example:80' }],
    [{ host: 'localhost', origin: 'http://localhost:3000' }],
    [{ host: 'localhost', 'sec-fetch-site': 'same-origin' }],
    [{}],
  ])('lets %o pass', (fields) => {
    expect(() => guardBrowser(headers(fields), ours)).not.toThrow()
  })

  it.each([
    [{ host: 'evil.example' }, 'Host'],
    [{ host: '127.0.0.1.evil.example' }, 'Host'],
    [{ host: 'localhost', origin: 'https://evil.example' }, 'Origin'],
    [{ host: 'localhost', origin: 'null' }, 'Origin'],
    [{ host: 'localhost', 'sec-fetch-site': 'cross-site' }, 'Sec-Fetch-Site'],
  ])('refuses %o, naming %s', (fields, name) => {
    expect(() => guardBrowser(headers(fields), ours)).toThrow(
      expect.objectContaining({ status: 403, message: expect.stringContaining(name) }),
    )
  })
})
