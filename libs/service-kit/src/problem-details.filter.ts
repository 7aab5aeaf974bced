import { STATUS_CODES } from 'node:http';
import { DbEventError, type DbEventErrorCode } from '@dbem/db-event';
import { isTransientDatabaseError } from '@dbem/postgres';
import { Log } from '@dbem/runtime';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, HttpStatus } from '@nestjs/common';
import type { Response } from 'express';

/** A problem as RFC 9457 has it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance: string;
  /** Why, for programs: a DbEventErrorCode, or a code of the app's. */
  readonly code?: string;
  /** What is wrong with the input, one by one. */
  readonly errors?: readonly string[];
}

const RETRY_AFTER_S = 1;

/** Answers every error as problem details. What is not ours to explain is logged, and answered as 500 without a word of it. */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const { status, ...rest } = this.explain(error);
    const problem: Problem = {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      ...rest,
      instance: http.getRequest<{ url: string }>().url,
    };
    if (status === HttpStatus.SERVICE_UNAVAILABLE) response.setHeader('Retry-After', RETRY_AFTER_S);
    response.status(status).type('application/problem+json').send(JSON.stringify(problem));
  }

  private explain(error: unknown): Pick<Problem, 'status' | 'detail' | 'code' | 'errors'> {
    if (error instanceof HttpException) return explainHttpException(error);
    if (error instanceof DbEventError) {
      const { code, message, retryable } = error;
      return { status: retryable ? HttpStatus.SERVICE_UNAVAILABLE : statusOf(code), detail: message, code };
    }
    if (isTransientDatabaseError(error)) {
      this.log.warn({ err: error }, 'a request failed for the database');
      return {
        status: HttpStatus.SERVICE_UNAVAILABLE,
        detail: 'The database can’t be used now.',
        code: 'DATABASE_UNAVAILABLE',
      };
    }
    const { type, status } = error as { type?: unknown; status?: unknown };
    if (typeof type === 'string' && typeof status === 'number' && status < 500) {
      return { status, detail: (error as Error).message };
    }
    this.log.error({ err: error }, 'a request failed');
    return { status: HttpStatus.INTERNAL_SERVER_ERROR };
  }
}

function statusOf(code: DbEventErrorCode): HttpStatus {
  if (code === 'RUN_UNKNOWN') return HttpStatus.NOT_FOUND;
  return code === 'RUN_CONFLICT' ? HttpStatus.CONFLICT : HttpStatus.BAD_REQUEST;
}

function explainHttpException(error: HttpException): Pick<Problem, 'status' | 'detail' | 'code' | 'errors'> {
  const status = error.getStatus();
  const body = error.getResponse();
  if (typeof body === 'string') return { status, detail: body };
  const { message, code } = body as { message?: unknown; code?: string };
  const said = Array.isArray(message)
    ? { detail: 'The input is not valid.', errors: message }
    : { detail: String(message) };
  return { status, ...said, ...(code !== undefined && { code }) };
}
