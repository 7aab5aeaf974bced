import { STATUS_CODES } from 'node:http';
import { DbEventError, type DbEventErrorCode } from '@dbem/db-event';
import { isTransientDatabaseError } from '@dbem/postgres';
import { Log } from '@dbem/runtime';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, HttpStatus } from '@nestjs/common';
import type { Response } from 'express';

/** Problem details as defined by RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance: string;
  /** Machine-readable reason: a DbEventErrorCode or a code of the app. */
  readonly code?: string;
  /** One entry per error in the input. */
  readonly errors?: readonly string[];
}

const RETRY_AFTER_S = 1;

/** Responds to every error with problem details. Unexpected errors are logged, and get status 500 without details. */
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
      this.log.warn({ err: error }, 'request failed: database unavailable');
      return {
        status: HttpStatus.SERVICE_UNAVAILABLE,
        detail: 'The database is unavailable.',
        code: 'DATABASE_UNAVAILABLE',
      };
    }
    const { type, status } = error as { type?: unknown; status?: unknown };
    if (typeof type === 'string' && typeof status === 'number' && status < 500) {
      return { status, detail: (error as Error).message };
    }
    this.log.error({ err: error }, 'request failed');
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
  const text = Array.isArray(message)
    ? { detail: 'The input is invalid.', errors: message }
    : { detail: String(message) };
  return { status, ...text, ...(code !== undefined && { code }) };
}
