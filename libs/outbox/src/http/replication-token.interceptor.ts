import { type EntityVersion, encodeReplicationToken, REPLICATION_TOKEN_HEADER } from '@dbem/db-event';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, Observable } from 'rxjs';
import { collectPublished } from '../published-changes';

/**
 * Answers every request that publishes changes with a token that names them: in the header `X-Replication-Token`, and in the
 * field `replicationToken` of an answer that is an object. Who reads a replica with this token sees these changes.
 *
 * In an application: `{ provide: APP_INTERCEPTOR, useClass: ReplicationTokenInterceptor }`. A handler that publishes, rolls that
 * back and answers all the same hands out a token for changes that nobody will ever see.
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
