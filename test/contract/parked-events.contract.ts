import { DbEventError } from '@dbem/db-event';
import {
  type Broker,
  type Delivery,
  declareManagerTopology,
  declareServiceTopology,
  ParkedEvents,
  parkedMessage,
  parkedQueueOf,
  placeOf,
  serviceQueueOf,
} from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../support';
import type { BrokerHarness } from './broker.contract';

const SERVICE = 'sharing';

/** What is parked, over every broker adapter. */
export function describeParkedEvents(name: string, setUp: () => Promise<BrokerHarness>): void {
  describe(`parked events over ${name}`, () => {
    let harness: BrokerHarness;
    let broker: Broker;
    let parked: ParkedEvents;

    beforeEach(async () => {
      harness = await setUp();
      broker = await harness.makeBroker();
      await waitFor(() => broker.health().isConnected);
      await declareManagerTopology(broker.topology);
      await declareServiceTopology(broker.topology, SERVICE, 'quorum');
      parked = new ParkedEvents(broker);
    });

    afterEach(async () => {
      await broker.stop();
      await harness.tearDown();
    });

    const delivery = (text: string): Delivery => ({
      body: Buffer.from(text),
      headers: { traceparent: 'kept' },
      exchange: '',
      routingKey: '',
      redelivered: false,
      messageId: text,
    });

    async function park(text: string, failedAtMs: number, service = SERVICE): Promise<void> {
      const error = new DbEventError('HANDLER_FAILED', `no ${text}`);
      await broker.publish(parkedMessage(delivery(text), service, error, new Date(failedAtMs)));
    }

    const texts = async (service = SERVICE) =>
      (await parked.list(service, 1_000)).items.map((event) => event.delivery.body.toString());

    function collect(queue: string): Delivery[] {
      const deliveries: Delivery[] = [];
      broker.consume(queue, async (batch) => void deliveries.push(...batch));
      return deliveries;
    }

    it('are listed by the time of their last failure, as often as one likes, with what is known of them', async () => {
      for (const [text, time] of [
        ['c', 3],
        ['a', 1],
        ['b', 2],
      ] as const)
        await park(text, time);
      for (let time = 0; time < 3; time += 1) expect(await texts()).toEqual(['a', 'b', 'c']);
      const [first] = (await parked.list(SERVICE, 1)).items;
      expect(first).toMatchObject({
        service: SERVICE,
        reasonCode: 'HANDLER_FAILED',
        reason: 'no a',
        attempts: 1,
        redrives: 0,
        firstFailedAt: new Date(1),
        lastFailedAt: new Date(1),
      });
      expect(first?.stack).toContain('parked-events.contract');
      expect((await parked.find(SERVICE, first?.id ?? ''))?.reason).toBe('no a');
      expect(await parked.find(SERVICE, 'no such')).toBeUndefined();
    });

    it('are all there again for the next look, however many', async () => {
      const many = 8_000;
      for (let from = 0; from < many; from += 500) {
        await Promise.all(Array.from({ length: 500 }, (_, index) => park(`m${from + index}`, 1_000 + from + index)));
      }
      for (let look = 0; look < 3; look += 1) {
        expect((await parked.list(SERVICE, 2 * many)).items).toHaveLength(many);
      }
      expect(await parked.redrive(SERVICE)).toEqual({ redriven: many, failed: 0 });
    });

    it('are none where there is no queue', async () => {
      expect(await parked.list('nobody', 10)).toEqual({ items: [], hasMore: false });
    });

    it('are paged, each on one page', async () => {
      for (let index = 0; index < 25; index += 1) await park(`e${index}`, Math.floor(index / 3));
      const seen: string[] = [];
      let after: readonly [number, string] | undefined;
      for (;;) {
        const { items, hasMore } = await parked.list(SERVICE, 4, undefined, after);
        seen.push(...items.map(({ id }) => id));
        const last = items.at(-1);
        if (!hasMore || last === undefined) break;
        after = placeOf(last);
      }
      expect(seen).toHaveLength(25);
      expect(new Set(seen).size).toBe(25);
    });

    it('are filtered', async () => {
      for (const text of ['a', 'b']) await park(text, 1);
      const { items } = await parked.list(SERVICE, 10, ({ reason }) => reason === 'no b');
      expect(items.map(({ reason }) => reason)).toEqual(['no b']);
    });

    it('go back to their service’s queue when redriven, one or all, with their retries before them', async () => {
      for (const text of ['a', 'b', 'c']) await park(text, 1);
      const [first] = (await parked.list(SERVICE, 1)).items;
      expect(await parked.redrive(SERVICE, ({ id }) => id === first?.id)).toEqual({ redriven: 1, failed: 0 });
      const received = collect(serviceQueueOf(SERVICE));
      await waitFor(() => received.length === 1);
      expect(await texts()).toHaveLength(2);
      expect(received[0]?.body).toEqual(first?.delivery.body);
      expect(received[0]?.messageId).toBe(first?.delivery.messageId);
      expect(received[0]?.headers).toMatchObject({
        traceparent: 'kept',
        'x-dbem-redrives': 1,
        'x-dbem-first-failed-at': new Date(1).toISOString(),
      });
      expect(received[0]?.headers).not.toHaveProperty('x-dbem-attempts');
      expect(await parked.redrive(SERVICE)).toEqual({ redriven: 2, failed: 0 });
      await waitFor(() => received.length === 3);
      expect(await texts()).toEqual([]);
    });

    it('stay parked if they can’t be sent back', async () => {
      await park('a', 1);
      await broker.topology.deleteQueue(serviceQueueOf(SERVICE));
      expect(await parked.redrive(SERVICE)).toMatchObject({
        redriven: 0,
        failed: 1,
        failure: { code: 'MESSAGE_UNROUTABLE' },
      });
      expect(await texts()).toEqual(['a']);
    });

    it('of the event manager go back to its own queue', async () => {
      await park('a', 1, 'db.event');
      const received = collect('db.event.queue');
      expect(await parked.redrive('db.event')).toEqual({ redriven: 1, failed: 0 });
      await waitFor(() => received.length === 1);
    });

    it('are gone when discarded', async () => {
      for (const text of ['a', 'b']) await park(text, 1);
      expect(await parked.discard(SERVICE, ({ reason }) => reason === 'no a')).toBe(1);
      expect(await texts()).toEqual(['b']);
    });

    it('are all there for each of two managers that look at once', async () => {
      for (let index = 0; index < 50; index += 1) await park(`e${index}`, index);
      const other = await harness.makeBroker();
      await waitFor(() => other.health().isConnected);
      // In memory, each broker client is a broker of its own.
      const managers = name === 'InMemoryBroker' ? [broker, broker] : [broker, other, broker, other];
      const looks = await Promise.all(managers.map((manager) => new ParkedEvents(manager).list(SERVICE, 100)));
      expect(looks.map(({ items }) => items.length)).toEqual(managers.map(() => 50));
      await other.stop();
    });

    it('may have been put there by somebody else, with any headers', async () => {
      await broker.publish({
        exchange: '',
        routingKey: parkedQueueOf(SERVICE),
        body: Buffer.from('foreign'),
        headers: { 'x-dbem-attempts': 'many', 'x-dbem-last-failed-at': 'never', 'x-dbem-redrives': -0.5 },
      });
      const { items } = await parked.list(SERVICE, 10);
      expect(items).toMatchObject([{ attempts: 0, redrives: 0, reason: '', reasonCode: '' }]);
      expect((await parked.find(SERVICE, items[0]?.id ?? ''))?.delivery.body.toString()).toBe('foreign');
      expect(await parked.redrive(SERVICE)).toMatchObject({ redriven: 1 });
    });
  });
}
