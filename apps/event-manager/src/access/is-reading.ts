import type { Request } from 'express';

const READING_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The request changes nothing. */
export function isReading({ method }: Pick<Request, 'method'>): boolean {
  return READING_METHODS.has(method);
}
