import type { ForbiddenException } from '@nestjs/common';
import type { Request } from 'express';

/** Is told of each change that somebody asked for whose role does not allow it. */
export abstract class RefusalObserver {
  /** The refusal is given when this resolves; if it rejects, with that error in its place. */
  abstract refused(request: Request, refusal: ForbiddenException): Promise<void>;
}
