import { describe, expect, it } from 'vitest';
import { Readiness } from './readiness';

describe('Readiness', () => {
  it('A process is ready when every probe is up', async () => {
    const readiness = new Readiness({ broker: () => ({ isUp: true, details: { reconnects: 3 } }) });
    expect(await readiness.check()).toEqual({ isReady: true, reasons: [] });
  });

  it('A process is unready when a probe is down or rejects, with a reason for each', async () => {
    const readiness = new Readiness({
      broker: () => ({ isUp: false, details: { lastFault: 'refused' } }),
      intake: async () => ({ isUp: false }),
      map: () => ({ isUp: true }),
      database: () => Promise.reject(new Error('no such host')),
    });
    expect(await readiness.check()).toEqual({
      isReady: false,
      reasons: ['broker: {"lastFault":"refused"}', 'intake', 'database: Error: no such host'],
    });
  });

  it('A process is unready when a probe that was added later is down', async () => {
    const readiness = new Readiness();
    readiness.add('replication', () => ({ isUp: false }));
    expect(await readiness.check()).toEqual({ isReady: false, reasons: ['replication'] });
  });
});
