import { ConflictException } from '@nestjs/common';

const UNIQUE_VIOLATION = '23505';

/** Turns a duplicate key into a 409; throws anything else on as it is. */
export function asConflict(error: unknown, detail: string): never {
  if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) throw new ConflictException(detail);
  throw error;
}
