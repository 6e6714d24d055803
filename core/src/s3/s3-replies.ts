import type { HeaderLine, Reply } from '../ports/call.ts'
import { type XmlNode, xmlDocument } from './xml-writer.ts'

/** 200 with a document. */
export function xmlReply(root: XmlNode, headers: readonly HeaderLine[] = []): Reply {
  return {
    status: 200,
    headers: [['Content-Type', 'application/xml'], ...headers],
    body: { kind: 'bytes', bytes: xmlDocument(root) },
  }
}

/** `2026-11-23T05:12:44.123Z`, as documents have times. */
export function isoTime(ns: bigint): string {
  return new Date(Number(ns / 1_000_000n)).toISOString()
}
