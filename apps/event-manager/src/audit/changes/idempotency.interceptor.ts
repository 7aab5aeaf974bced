import { createHash } from 'node:crypto';
import {
  BadRequestException,
  type CallHandler,
  ConflictException,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UnprocessableEntityException,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { catchError, type Observable, of, tap } from 'rxjs';
import { isReading } from '../../access/is-reading';
import { IdempotencyStore } from './idempotency-store';

const HEADER = 'idempotency-key';
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * A change that comes with an `Idempotency-Key` is carried out once: who sends it again, because the answer got lost, gets the
 * first answer again. Keys belong to who asks. Only answers of success are remembered, by the manager that gave them, for a
 * day, and a thousand at most.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly answers: IdempotencyStore) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const given = request.headers[HEADER];
    if (given === undefined || isReading(request)) return next.handle();
    if (typeof given !== 'string' || !KEY.test(given)) {
      throw new BadRequestException('Idempotency-Key holds 1 to 255 visible ASCII characters.');
    }
    const response = context.switchToHttp().getResponse<Response>();
    const key = digest([request.principal?.provedBy, request.principal?.name, given]);
    const claim = this.answers.claim(key, digest([request.method, request.originalUrl, request.body]));
    switch (claim.kind) {
      case 'first':
        return next.handle().pipe(
          tap((body) => this.answers.keep(key, { status: response.statusCode, body })),
          catchError((error: unknown) => {
            this.answers.release(key);
            throw error;
          }),
        );
      case 'answered':
        response.status(claim.answer.status).setHeader('Idempotency-Replayed', 'true');
        return of(claim.answer.body);
      case 'under way':
        response.setHeader('Retry-After', 1);
        throw new ConflictException({
          message: 'A request with this Idempotency-Key is being carried out.',
          code: 'IDEMPOTENCY_KEY_IN_USE',
        });
      case 'other request':
        throw new UnprocessableEntityException({
          message: 'This Idempotency-Key came with another request before.',
          code: 'IDEMPOTENCY_KEY_REUSED',
        });
    }
  }
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
