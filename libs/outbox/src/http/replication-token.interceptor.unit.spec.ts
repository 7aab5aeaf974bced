import { decodeReplicationToken, type EntityVersion } from '@dbem/db-event';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import { defer, firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { notePublished } from '../published-changes';
import { ReplicationTokenInterceptor } from './replication-token.interceptor';

const change: EntityVersion = { publisher: 'registry', entityType: 'PROJECT', entityId: 'p', version: 7n };

class Answer {
  readonly headers: Record<string, string> = {};

  setHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
}

/** Handles a request whose handler publishes these changes and responds with `body`. */
async function answerTo(published: readonly EntityVersion[], body: unknown, type = 'http') {
  const response = new Answer();
  const context = new ExecutionContextHost([{}, response]);
  context.setType(type);
  const handle = () =>
    defer(async () => {
      await Promise.resolve();
      if (published.length > 0) notePublished(published);
      return body;
    });
  const answer = await firstValueFrom(new ReplicationTokenInterceptor().intercept(context, { handle }));
  return { answer, headers: response.headers };
}

class Entity {
  readonly id = 'p';
}

describe('ReplicationTokenInterceptor', () => {
  it('A response whose body is an object has the token of the published changes in its body and its header', async () => {
    const { answer, headers } = await answerTo([change], { id: 'p' });
    const token = headers['X-Replication-Token'] ?? '';
    expect(decodeReplicationToken(token)).toEqual([change]);
    expect(answer).toStrictEqual({ id: 'p', replicationToken: token });
  });

  it.each([[null], [undefined], ['text'], [7], [['p']], [new Entity()]])(
    'An answer %o is left as it is, and has the token in its header',
    async (body) => {
      const { answer, headers } = await answerTo([change], body);
      expect(answer).toBe(body);
      expect(decodeReplicationToken(headers['X-Replication-Token'] ?? '')).toEqual([change]);
    },
  );

  it('A request that publishes nothing gets a response without a token', async () => {
    const body = { id: 'p' };
    const { answer, headers } = await answerTo([], body);
    expect(answer).toBe(body);
    expect(headers).toEqual({});
  });

  it('A handler of another transport than HTTP is not intercepted', async () => {
    const body = { id: 'p' };
    const { answer, headers } = await answerTo([change], body, 'rpc');
    expect(answer).toBe(body);
    expect(headers).toEqual({});
  });
});
