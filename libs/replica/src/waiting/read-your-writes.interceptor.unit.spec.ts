import { EventEmitter } from 'node:events';
import type { CallHandler } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { standIn } from '../../../../test/support/doubles/stand-in';
import type { Replication } from '../replication';
import { ReadYourWritesInterceptor } from './read-your-writes.interceptor';
import type { WaitOptions, WaitOutcome } from './replica-watch';

/** Reads through the interceptor: records how long they wait, with an outcome set by the test. */
class Reads {
  readonly options: WaitOptions[] = [];
  readonly response = new EventEmitter();
  outcome: Promise<WaitOutcome> = Promise.resolve('applied');

  read(headers: Record<string, string>) {
    const awaitToken = (_token: string, options: WaitOptions) => {
      this.options.push(options);
      return this.outcome;
    };
    const replication = standIn<Replication>({ awaitToken });
    const context = new ExecutionContextHost([{ headers }, this.response]);
    const next: CallHandler = { handle: () => of('read') };
    return new ReadYourWritesInterceptor(replication).intercept(context, next);
  }
}

const TOKEN = { 'x-replication-token': 't' };

describe('ReadYourWritesInterceptor', () => {
  it('A read with a token waits up to its wait limit, 5 s by default and 30 s at most', async () => {
    const reads = new Reads();
    await reads.read(TOKEN);
    for (const wait of ['0', '1200', '30000', '30001', '999999999']) {
      await reads.read({ ...TOKEN, 'x-replication-wait-ms': wait });
    }
    expect(reads.options.map(({ timeoutMs }) => timeoutMs)).toEqual([5_000, 0, 1_200, 30_000, 30_000, 30_000]);
  });

  it.each(['-1', 'soon', '1e3', '9999999999', ''])(
    'A read with the wait limit "%s" is rejected with status 400',
    async (wait) => {
      await expect(new Reads().read({ ...TOKEN, 'x-replication-wait-ms': wait })).rejects.toMatchObject({
        status: 400,
      });
    },
  );

  it('A read with a token is rejected with REPLICA_BEHIND when the wait times out', async () => {
    const reads = new Reads();
    reads.outcome = Promise.resolve('timeout');
    await expect(reads.read(TOKEN)).rejects.toMatchObject({ code: 'REPLICA_BEHIND', retryable: true });
  });

  it('A read with a token stops waiting when its client disconnects', async () => {
    const reads = new Reads();
    let timeOut: (outcome: WaitOutcome) => void = () => {};
    reads.outcome = new Promise((resolve) => {
      timeOut = resolve;
    });
    const reading = reads.read(TOKEN).catch((error: { code: string }) => error.code);
    expect(reads.options[0]?.signal?.aborted).toBe(false);
    reads.response.emit('close');
    expect(reads.options[0]?.signal?.aborted).toBe(true);
    timeOut('timeout');
    expect(await reading).toBe('REPLICA_BEHIND');
    expect(reads.response.listenerCount('close')).toBe(0);
  });

  it('A read without a token does not wait', async () => {
    const reads = new Reads();
    await reads.read({});
    expect(reads.options).toEqual([]);
  });
});
