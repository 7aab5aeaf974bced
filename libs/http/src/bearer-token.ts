import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';

/** Whether the request carries the token as `Authorization: Bearer …`. Compares in constant time. */
export function bearsToken({ headers }: Pick<Request, 'headers'>, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
