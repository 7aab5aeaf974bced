import { SetMetadata } from '@nestjs/common';

export const CHANGES_NOTHING = 'dbem:changes-nothing';

/** A handler that only answers, though it is asked by POST, for its question has a body: viewers may ask, the trail does not tell. */
export function ChangesNothing() {
  return SetMetadata(CHANGES_NOTHING, true);
}
