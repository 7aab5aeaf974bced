import { SetMetadata } from '@nestjs/common';

export const OPEN = 'dbem:open';

/** A controller, or one of its handlers, that asks for no credential where an app has a guard before all its routes. */
export function Open() {
  return SetMetadata(OPEN, true);
}
