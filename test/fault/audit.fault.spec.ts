import { encodeSubscriptionRequest } from '@dbem/entity-codec';
import type { Checkpoint } from '@dbem/runtime';
import { intakeMessage } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { promisesHold } from '../support/faults/expectations/history';
import { expectKilled } from '../support/faults/expectations/processes';
import { allReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import { connectedBroker } from '../support/faults/workload/connected-broker';
import { work } from '../support/faults/workload/workload';
import { waitFor } from '../support/waiting/wait-for';

interface Entry {
  readonly action: string;
  readonly target: Record<string, string>;
  readonly result: string;
  readonly outcome: string;
}

describe('the audit trail', () => {
  let system: FaultSystem;
  let cases = 0;

  beforeAll(async () => {
    system = await FaultSystem.start();
  });

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    cases += 1;
    await work(system, `afterwards-${cases}`, 4);
    await promisesHold(system);
  });

  const entriesAbout = (publisher: string) =>
    waitFor(async () => {
      const { body } = await system.admin<{ items: Entry[] }>('GET', '/audit?limit=500');
      const found = body.items?.filter(({ target }) => target.publisher === publisher) ?? [];
      return found.length > 0 && found.map(({ action, result, outcome }) => ({ action, result, outcome }));
    });

  const isSubscribed = async (publisher: string) =>
    (await system.admin<{ items: unknown[] }>('GET', `/subscriptions?publisher=${publisher}`)).body.items.length > 0;

  /** Kills the manager at the checkpoint during this change, and starts it again. */
  async function crashAt(checkpoint: Checkpoint, change: () => Promise<unknown>): Promise<void> {
    const doomed = await system.startWithCrashAt('event-manager', checkpoint);
    await doomed.waitUntilReady();
    // The response is lost with the manager.
    await change().catch(() => {});
    await expectKilled(doomed);
    await system.startApp('event-manager');
    await allReady(system);
  }

  it('A manager that is killed after a change but before its outcome is recorded leaves a “started” entry in the audit trail', async () => {
    await crashAt('audit.changed', () => system.admin('PUT', '/subscriptions/changed/sub', {}));
    expect(await isSubscribed('changed')).toBe(true);
    expect(await entriesAbout('changed')).toEqual([
      { action: 'PUT /admin/v1/subscriptions/:publisher/:subscriber', result: 'started', outcome: 'unknown' },
    ]);
    expect((await system.admin('PUT', '/subscriptions/changed/sub', {})).status).toBe(200);
    await waitFor(async () => (await entriesAbout('changed'))[0]?.result === 'done');
  });

  it('A manager that is killed before a change leaves a “started” entry in the audit trail, and nothing is changed', async () => {
    await crashAt('audit.started', () => system.admin('PUT', '/subscriptions/started/sub', {}));
    expect(await isSubscribed('started')).toBe(false);
    expect((await entriesAbout('started')).map(({ result }) => result)).toEqual(['started']);
  });

  it('A subscription request whose manager is killed before it is recorded is delivered again and then recorded', async () => {
    await crashAt('subscription.changed', async () => {
      const broker = await connectedBroker(system.amqpUrl);
      const body = encodeSubscriptionRequest({
        action: 'SUBSCRIBE',
        publisher: 'by.message',
        subscriber: 'sub',
        declareQueue: true,
      });
      await broker.publish(intakeMessage({ body }));
      await broker.stop();
    });
    expect(await entriesAbout('by.message')).toEqual([{ action: 'SUBSCRIBE', result: 'done', outcome: 'unchanged' }]);
  });
});
