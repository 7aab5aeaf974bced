import { SetMetadata } from '@nestjs/common';

export const OPEN = 'dbem:open';

/** Exempts a controller or one of its handlers from an app's global guards. */
export function Open() {
  return SetMetadata(OPEN, true);
}
