import { type EntityVersion, encodeReplicationToken, REPLICATION_TOKEN_HEADER } from '@dbem/db-event';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, Observable } from 'rxjs';
import { collectPublished } from '../published-changes';

/**
 * Adds a token to the response of every request that publishes changes: in the header `X-Replication-Token`, and in the
 * field `replicationToken` if the body is a plain object. A read from a replica with this token sees these changes.
 *
 * In an application: `{ provide: APP_INTERCEPTOR, useClass: ReplicationTokenInterceptor }`. If a handler publishes,
 * rolls back and still responds with success, the token names changes that no replica will ever have.
 */
@Injectable()
export class ReplicationTokenInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const published: EntityVersion[] = [];
    const answer = map((body: unknown) => withToken(body, published, context));
    // Nest runs the handler in the async context in which `handle` is called.
    return new Observable((subscriber) =>
      collectPublished(published, () => next.handle().pipe(answer).subscribe(subscriber)),
    );
  }
}

function withToken(body: unknown, published: readonly EntityVersion[], context: ExecutionContext): unknown {
  if (published.length === 0) return body;
  const replicationToken = encodeReplicationToken(published);
  const response = context.switchToHttp().getResponse<{ setHeader(name: string, value: string): void }>();
  response.setHeader(REPLICATION_TOKEN_HEADER, replicationToken);
  return isPlainObject(body) ? { ...body, replicationToken } : body;
}

function isPlainObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype;
}
