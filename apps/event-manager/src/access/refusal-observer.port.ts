import type { ForbiddenException } from '@nestjs/common';
import type { Request } from 'express';

/** Is notified of each change that is refused because of the caller's role. */
export abstract class RefusalObserver {
  /** The caller receives the refusal when this resolves; if it rejects, the caller receives that error instead. */
  abstract refused(request: Request, refusal: ForbiddenException): Promise<void>;
}
