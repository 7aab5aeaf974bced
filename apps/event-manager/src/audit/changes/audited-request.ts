import { DbEventError } from '@dbem/db-event';
import { HttpException, HttpStatus } from '@nestjs/common';
import type { Request } from 'express';
import type { AuditOutcome, AuditRecord } from '../audit-entry';
import { withoutSecrets } from './without-secrets';

/** The audit record of an HTTP request, without its outcome. */
export function recordOf(request: Request): Omit<AuditRecord, keyof AuditOutcome> {
  const { principal, method, params, body, ip } = request;
  const route = (request.route as { path?: string } | undefined)?.path ?? request.path;
  const input = withoutSecrets(body);
  return {
    who: principal ?? { name: 'nobody', provedBy: 'nothing' },
    address: ip,
    action: `${method} ${route}`,
    target: params as Record<string, string>,
    ...(input !== undefined && { input }),
  };
}

/** The audit outcome of a failed request. */
export function outcomeOf(error: unknown): AuditOutcome {
  if (error instanceof HttpException) {
    const status = error.getStatus();
    return { result: status < 500 ? 'refused' : 'failed', outcome: String(status), detail: error.message };
  }
  if (error instanceof DbEventError) {
    return { result: error.retryable ? 'failed' : 'refused', outcome: error.code, detail: error.message };
  }
  return { result: 'failed', outcome: String(HttpStatus.INTERNAL_SERVER_ERROR), detail: (error as Error).name };
}
