import { DbEventError, REPLICATION_TOKEN_HEADER } from '@dbem/db-event';
import {
  BadRequestException,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Replication } from '../replication';

/** Maximum time that the reader waits, ms. */
export const REPLICATION_WAIT_HEADER = 'X-Replication-Wait-Ms';

const DEFAULT_WAIT_MS = 5_000;
/** Higher values are reduced to this. */
const MAX_WAIT_MS = 30_000;

interface Request {
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Response {
  once(event: 'close', listener: () => void): void;
  off(event: 'close', listener: () => void): void;
}

/**
 * Delays requests with an `X-Replication-Token` header until the replica has the changes in the token, for at most
 * `X-Replication-Wait-Ms` (default 5,000, maximum 30,000). Throws REPLICA_BEHIND on timeout, and TOKEN_INVALID;
 * `ProblemDetailsFilter` turns these into 503 with `Retry-After`, and 400.
 *
 * In an application: `{ provide: APP_INTERCEPTOR, useClass: ReadYourWritesInterceptor }`.
 */
@Injectable()
export class ReadYourWritesInterceptor implements NestInterceptor {
  constructor(private readonly replication: Replication) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    if (context.getType() !== 'http') return next.handle();
    const { headers } = context.switchToHttp().getRequest<Request>();
    const token = headers[REPLICATION_TOKEN_HEADER.toLowerCase()];
    if (token === undefined) return next.handle();
    const timeoutMs = waitLimitOf(headers[REPLICATION_WAIT_HEADER.toLowerCase()]);
    const outcome = await this.wait(String(token), timeoutMs, context.switchToHttp().getResponse<Response>());
    if (outcome === 'applied') return next.handle();
    throw new DbEventError('REPLICA_BEHIND', `The replica did not receive the change within ${timeoutMs} ms.`, {
      retryable: true,
    });
  }

  /** Stops waiting when the client disconnects. */
  private async wait(token: string, timeoutMs: number, response: Response) {
    const disconnected = new AbortController();
    const onClose = () => disconnected.abort();
    response.once('close', onClose);
    try {
      return await this.replication.awaitToken(token, { timeoutMs, signal: disconnected.signal });
    } finally {
      response.off('close', onClose);
    }
  }
}

function waitLimitOf(header: string | string[] | undefined): number {
  if (header === undefined) return DEFAULT_WAIT_MS;
  if (typeof header !== 'string' || !/^[0-9]{1,9}$/.test(header)) {
    throw new BadRequestException(`${REPLICATION_WAIT_HEADER} must be a number of milliseconds.`);
  }
  return Math.min(Number(header), MAX_WAIT_MS);
}
