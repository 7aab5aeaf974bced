import { SetMetadata } from '@nestjs/common';

export const READ_ONLY = 'dbem:read-only';

/** Marks a handler that changes nothing although its method is POST (for the body): open to viewers, not audited. */
export function ReadOnly() {
  return SetMetadata(READ_ONLY, true);
}
