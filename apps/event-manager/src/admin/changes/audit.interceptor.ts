import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { catchError, from, mergeMap, type Observable, of } from 'rxjs';
import { AuditTrail } from '../../audit/audit-trail';
import { isReading } from '../access/is-reading';
import { outcomeOf, recordOf } from './audited-request';

/**
 * Records every change that is asked for, and answers when the entry is safe. While the trail can't be written nothing is
 * changed. A crash between a change and its entry leaves a change without one.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(private readonly trail: AuditTrail) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    if (isReading(request)) return next.handle();
    await this.trail.ensureWritable();
    return next.handle().pipe(
      mergeMap(async (answer) => {
        const status = context.switchToHttp().getResponse<Response>().statusCode;
        await this.trail.record(recordOf(request, { result: 'done', outcome: String(status) }));
        return answer;
      }),
      catchError((error: unknown) =>
        from(this.trail.record(recordOf(request, outcomeOf(error)))).pipe(
          mergeMap(() => of(undefined)),
          mergeMap(() => {
            throw error;
          }),
        ),
      ),
    );
  }
}
