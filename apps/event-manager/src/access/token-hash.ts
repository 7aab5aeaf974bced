import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits: nobody guesses them, so a plain hash of the token is enough, and no salt is needed. */
export function generateToken(): string {
  return `dbem_${randomBytes(32).toString('base64url')}`;
}

export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
