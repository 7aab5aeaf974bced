import { checkpoint } from '@dbem/runtime';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { catchError, from, mergeMap, type Observable, of } from 'rxjs';
import { isReadOnly } from '../../access/is-read-only';
import { AuditTrail } from '../audit-trail';
import { outcomeOf, recordOf } from './audited-request';

/**
 * Records every requested change: `started` before it, the outcome after it, and only then responds. While the trail
 * can't be written, rejects changes. A crash in between leaves an entry with the result `started`.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(
    private readonly trail: AuditTrail,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    if (isReadOnly(context, this.reflector)) return next.handle();
    const started = await this.trail.begin(recordOf(request));
    checkpoint('audit.started');
    return next.handle().pipe(
      mergeMap(async (answer) => {
        checkpoint('audit.changed');
        const status = context.switchToHttp().getResponse<Response>().statusCode;
        await this.trail.finish(started, { result: 'done', outcome: String(status) });
        return answer;
      }),
      catchError((error: unknown) =>
        from(this.trail.finish(started, outcomeOf(error))).pipe(
          mergeMap(() => of(undefined)),
          mergeMap(() => {
            throw error;
          }),
        ),
      ),
    );
  }
}
