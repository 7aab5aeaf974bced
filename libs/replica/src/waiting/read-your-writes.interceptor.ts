import { DbEventError, REPLICATION_TOKEN_HEADER } from '@dbem/db-event';
import {
  BadRequestException,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Replication } from '../replication';

/** How long a reader is willing to wait, ms. */
export const REPLICATION_WAIT_HEADER = 'X-Replication-Wait-Ms';

const DEFAULT_WAIT_MS = 5_000;
/** Whoever asks for more gets this. */
const MAX_WAIT_MS = 30_000;

interface Request {
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Response {
  once(event: 'close', listener: () => void): void;
  off(event: 'close', listener: () => void): void;
}

/**
 * Lets requests that carry `X-Replication-Token` wait, before they are handled, until the replica has the changes that it names:
 * up to `X-Replication-Wait-Ms` (5,000 if left out, 30,000 at most). Throws REPLICA_BEHIND if it has not got them by then, and
 * TOKEN_INVALID: with `ProblemDetailsFilter` 503 with `Retry-After`, and 400.
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
    throw new DbEventError('REPLICA_BEHIND', `The replica has not got the change within ${timeoutMs} ms.`, {
      retryable: true,
    });
  }

  /** Who hangs up waits no longer. */
  private async wait(token: string, timeoutMs: number, response: Response) {
    const gone = new AbortController();
    const hangUp = () => gone.abort();
    response.once('close', hangUp);
    try {
      return await this.replication.awaitToken(token, { timeoutMs, signal: gone.signal });
    } finally {
      response.off('close', hangUp);
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
