import { EventEmitter } from 'node:events';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { RunningReplication } from '../running-replication';
import { ReadYourWritesInterceptor } from './read-your-writes.interceptor';
import type { WaitOptions, WaitOutcome } from './replica-watch';

/** What the replica was asked to wait for, and an answer that the test gives. */
class Asked {
  readonly options: WaitOptions[] = [];
  readonly response = new EventEmitter();
  outcome: Promise<WaitOutcome> = Promise.resolve('applied');

  read(headers: Record<string, string>) {
    const awaitToken = (_token: string, options: WaitOptions) => {
      this.options.push(options);
      return this.outcome;
    };
    const running = { replication: { awaitToken } } as unknown as RunningReplication;
    const http = { getRequest: () => ({ headers }), getResponse: () => this.response };
    const context = { getType: () => 'http', switchToHttp: () => http } as unknown as ExecutionContext;
    const next: CallHandler = { handle: () => of('read') };
    return new ReadYourWritesInterceptor(running).intercept(context, next);
  }
}

const TOKEN = { 'x-replication-token': 't' };

describe('a read that carries a token', () => {
  it('waits as long as it says, 5 s if it says nothing, and never more than 30 s', async () => {
    const asked = new Asked();
    await asked.read(TOKEN);
    for (const wait of ['0', '1200', '30000', '30001', '999999999']) {
      await asked.read({ ...TOKEN, 'x-replication-wait-ms': wait });
    }
    expect(asked.options.map(({ timeoutMs }) => timeoutMs)).toEqual([5_000, 0, 1_200, 30_000, 30_000, 30_000]);
  });

  it.each(['-1', 'soon', '1e3', '9999999999', ''])('is refused with the wait limit "%s"', async (wait) => {
    await expect(new Asked().read({ ...TOKEN, 'x-replication-wait-ms': wait })).rejects.toMatchObject({ status: 400 });
  });

  it('is told in time that the replica is behind', async () => {
    const asked = new Asked();
    asked.outcome = Promise.resolve('timeout');
    await expect(asked.read(TOKEN)).rejects.toMatchObject({ code: 'REPLICA_BEHIND', retryable: true });
  });

  it('waits no longer when the reader hangs up', async () => {
    const asked = new Asked();
    let timeOut: (outcome: WaitOutcome) => void = () => {};
    asked.outcome = new Promise((resolve) => {
      timeOut = resolve;
    });
    const reading = asked.read(TOKEN).catch((error: { code: string }) => error.code);
    expect(asked.options[0]?.signal?.aborted).toBe(false);
    asked.response.emit('close');
    expect(asked.options[0]?.signal?.aborted).toBe(true);
    timeOut('timeout');
    expect(await reading).toBe('REPLICA_BEHIND');
    expect(asked.response.listenerCount('close')).toBe(0);
  });

  it('without a token waits for nothing', async () => {
    const asked = new Asked();
    await asked.read({});
    expect(asked.options).toEqual([]);
  });
});
