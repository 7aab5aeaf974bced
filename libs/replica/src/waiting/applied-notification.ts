import type { EntityKey } from '@dbem/db-event';
import { keyText } from '../postgres/version-gate';

/** The PostgreSQL channel on which each commit of an applier publishes the entities that it has applied. */
export const APPLIED_CHANNEL = 'db_event_applied';

/** PostgreSQL's limit for payloads is 8,000 bytes; a hash takes 5⅓ bytes in base64. */
const HASHES_PER_PAYLOAD = 1_400;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 32-bit FNV-1a hash of the key's UTF-8. A collision costs a listener one query. */
export function hashOf(key: EntityKey): number {
  const text = keyText(key);
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return hashOfBytes(Buffer.from(text));
    hash = Math.imul(hash ^ code, FNV_PRIME);
  }
  return hash >>> 0;
}

function hashOfBytes(bytes: Buffer): number {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash >>> 0;
}

/** The hashes of these entities, in as many payloads as needed. */
export function encodeApplied(keys: readonly EntityKey[]): string[] {
  const payloads: string[] = [];
  for (let start = 0; start < keys.length; start += HASHES_PER_PAYLOAD) {
    const part = keys.slice(start, start + HASHES_PER_PAYLOAD);
    const bytes = Buffer.alloc(part.length * 4);
    for (const [index, key] of part.entries()) bytes.writeUInt32LE(hashOf(key), index * 4);
    payloads.push(bytes.toString('base64'));
  }
  return payloads;
}

export function decodeApplied(payload: string): number[] {
  const bytes = Buffer.from(payload, 'base64');
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readUInt32LE(index * 4));
}
