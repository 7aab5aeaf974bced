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
import { hasSafeMethod } from '../../access/has-safe-method';
import { IdempotencyStore } from './idempotency-store';

const HEADER = 'idempotency-key';
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Executes a change with an `Idempotency-Key` once: a client that repeats it, because the response was lost, receives
 * the first response again. Keys are scoped to the principal. Only successful responses are stored, by the manager
 * that sent them: for a day, and at most a thousand.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly answers: IdempotencyStore) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const given = request.headers[HEADER];
    if (given === undefined || hasSafeMethod(request)) return next.handle();
    if (typeof given !== 'string' || !KEY.test(given)) {
      throw new BadRequestException('Invalid Idempotency-Key: use 1 to 255 visible ASCII characters.');
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
          message: 'A request with this Idempotency-Key is still in progress: retry later.',
          code: 'IDEMPOTENCY_KEY_IN_USE',
        });
      case 'other request':
        throw new UnprocessableEntityException({
          message: 'This Idempotency-Key was used with a different request: use a new key.',
          code: 'IDEMPOTENCY_KEY_REUSED',
        });
    }
  }
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
