import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits can't be guessed, so a plain hash without salt is enough to store the token. */
export function generateToken(): string {
  return `dbem_${randomBytes(32).toString('base64url')}`;
}

export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
