import type { Request } from 'express';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export function hasSafeMethod({ method }: Pick<Request, 'method'>): boolean {
  return SAFE_METHODS.has(method);
}
