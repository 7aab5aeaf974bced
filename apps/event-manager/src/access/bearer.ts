import type { Request } from 'express';

/** The credential in `Authorization: Bearer <credential>`; undefined if there is none. */
export function bearerOf({ headers }: Pick<Request, 'headers'>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}
