import { describe, expect, it } from 'vitest';
import { Readiness } from './readiness';

describe('Readiness', () => {
  it('is there when everything is up', async () => {
    const readiness = new Readiness({ broker: () => ({ isUp: true, details: { reconnects: 3 } }) });
    expect(await readiness.look()).toEqual({ isReady: true, reasons: [] });
  });

  it('is not when anything is down or can’t be asked, and says what and why', async () => {
    const readiness = new Readiness({
      broker: () => ({ isUp: false, details: { lastFault: 'refused' } }),
      intake: async () => ({ isUp: false }),
      map: () => ({ isUp: true }),
      database: () => Promise.reject(new Error('no such host')),
    });
    expect(await readiness.look()).toEqual({
      isReady: false,
      reasons: ['broker: {"lastFault":"refused"}', 'intake', 'database: Error: no such host'],
    });
  });
});
