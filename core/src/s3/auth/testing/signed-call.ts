import type { HeaderBlock, HeaderLine } from '../../../ports/call.ts'
import { createSigningKeys, deriveDateKey } from '../signing-keys.ts'
import type { SignatureContext, SignedCall } from '../verify-signature.ts'
import { testCrypto } from './node-crypto.ts'

/** The key pair of Amazon's examples. */
export const exampleKey = { id: 'AKIAIOSFODNN7EXAMPLE' }
export const exampleSecret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'

export function headerBlock(lines: readonly HeaderLine[]): HeaderBlock {
  const all = (name: string) => lines.filter(([own]) => own === name).map(([, value]) => value)
  return { get: (name) => all(name)[0], all, lines: () => lines }
}

export function signedCall(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
): SignedCall {
  const lines = Object.entries(headers).map(
    ([name, value]): HeaderLine => [name.toLowerCase(), value],
  )
  return { method, target, headers: headerBlock(lines) }
}

/** Knows the example key and no other. */
export function exampleContext(nowMs: number): SignatureContext<typeof exampleKey> {
  return {
    crypto: testCrypto,
    nowMs,
    keys: createSigningKeys(testCrypto, (_key, date) =>
      deriveDateKey(testCrypto, exampleSecret, date),
    ),
    findKey: (id) => (id === exampleKey.id ? exampleKey : undefined),
  }
}
