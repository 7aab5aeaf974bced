import { encodeSubscriptionRequest } from '@dbem/entity-codec';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support';
import { FaultSystem } from '../support/faults/fault-system';
import { replicaEqualsSource } from '../support/faults/history';
import { work } from '../support/faults/workload';

interface Entry {
  readonly action: string;
  readonly target: Record<string, string>;
  readonly result: string;
  readonly outcome: string;
}

describe('a change of which the trail is being told', () => {
  let system: FaultSystem;

  beforeAll(async () => {
    system = await FaultSystem.start();
  }, 120_000);

  afterAll(async () => {
    await system?.stop();
  });

  const entriesAbout = (publisher: string) =>
    waitFor(async () => {
      const { body } = await system.admin<{ items: Entry[] }>('GET', '/audit?limit=500');
      const found = body.items?.filter(({ target }) => target.publisher === publisher) ?? [];
      return found.length > 0 && found.map(({ action, result, outcome }) => ({ action, result, outcome }));
    });

  const isSubscribed = async (publisher: string) =>
    (await system.admin<{ items: unknown[] }>('GET', `/subscriptions?publisher=${publisher}`)).body.items.length > 0;

  async function dieAt(checkpoint: string, change: () => Promise<unknown>): Promise<void> {
    const doomed = await system.restartApp('event-manager', { CRASH_AT: checkpoint });
    await doomed.waitUntilReady();
    await change().catch(() => {});
    await waitFor(() => !doomed.isRunning);
    const next = await system.startApp('event-manager');
    await next.waitUntilReady();
  }

  it('the manager killed after the change, before its outcome is written → the entry says that it was begun', async () => {
    await dieAt('audit.changed', () => system.admin('PUT', '/subscriptions/changed/sub', {}));
    expect(await isSubscribed('changed')).toBe(true);
    expect(await entriesAbout('changed')).toEqual([
      { action: 'PUT /admin/v1/subscriptions/:publisher/:subscriber', result: 'begun', outcome: 'unknown' },
    ]);
    expect((await system.admin('PUT', '/subscriptions/changed/sub', {})).status).toBe(200);
    await waitFor(async () => (await entriesAbout('changed'))[0]?.result === 'done');
    await work(system, 'afterwards', 4);
    await replicaEqualsSource(system);
  });

  it('the manager killed before the change → the same, and nothing is changed', async () => {
    await dieAt('audit.begun', () => system.admin('PUT', '/subscriptions/begun/sub', {}));
    expect(await isSubscribed('begun')).toBe(false);
    expect((await entriesAbout('begun')).map(({ result }) => result)).toEqual(['begun']);
    await work(system, 'afterwards', 4);
    await replicaEqualsSource(system);
  });

  it('the manager killed after a subscription by message → the request comes again and is recorded then', async () => {
    await dieAt('subscription.changed', async () => {
      const connection = await connect(system.amqpUrl);
      const channel = await connection.createConfirmChannel();
      const request = { action: 'SUBSCRIBE', publisher: 'by.message', subscriber: 'sub', declareQueue: true } as const;
      channel.publish('db.event.exchange', 'db.event', encodeSubscriptionRequest(request), { persistent: true });
      await channel.waitForConfirms();
      await connection.close();
    });
    expect(await entriesAbout('by.message')).toEqual([{ action: 'SUBSCRIBE', result: 'done', outcome: 'unchanged' }]);
    await work(system, 'afterwards', 4);
    await replicaEqualsSource(system);
  });
});
