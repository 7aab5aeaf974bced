import { type ForbiddenException, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { RefusalObserver } from '../../access/refusal-observer.port';
import { AuditTrail } from '../audit-trail';
import { outcomeOf, recordOf } from './audited-request';

/** Records changes that were refused because of a missing role. */
@Injectable()
export class AuditedRefusals extends RefusalObserver {
  constructor(private readonly trail: AuditTrail) {
    super();
  }

  async refused(request: Request, refusal: ForbiddenException): Promise<void> {
    await this.trail.record({ ...recordOf(request), ...outcomeOf(refusal) });
  }
}
