import { DbEventError } from '@dbem/db-event';
import {
  type Delivery,
  declareManagerTopology,
  declareServiceTopology,
  MANAGER_QUEUE,
  MANAGER_ROUTING_KEY,
  PARKING_HEADERS,
  ParkedEvents,
  parkedMessage,
  parkedQueueOf,
  serviceQueueOf,
  sortKeyOf,
} from '@dbem/transport';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SharedBroker } from '../../support/broker/shared-broker';
import { waitFor } from '../../support/waiting/wait-for';

/** Parked events, for every broker adapter. */
export function describeParkedEvents(name: string, shared: SharedBroker, many: number): void {
  describe('parked events', () => {
    let service: string;
    let parked: ParkedEvents;

    beforeAll(() => declareManagerTopology(shared.broker.topology));

    beforeEach(async () => {
      service = shared.named('sharing');
      await declareServiceTopology(shared.broker.topology, service, 'quorum');
      parked = new ParkedEvents(shared.broker);
    });

    async function park(text: string, failedAtMs: number, owner = service): Promise<void> {
      const error = new DbEventError('HANDLER_FAILED', `no ${text}`);
      await shared.broker.publish(parkedMessage(deliveryOf(text), owner, error, new Date(failedAtMs)));
    }

    const texts = async () => (await parked.list(service, 1_000)).items.map((event) => event.delivery.body.toString());

    function collect(queue: string): readonly Delivery[] {
      const deliveries: Delivery[] = [];
      shared.consume(queue, async (batch) => void deliveries.push(...batch));
      return deliveries;
    }

    it(`Parked events over ${name} are listed in the order of their last failure, with their details, as often as they are listed`, async () => {
      await park('c', 3);
      await park('a', 1);
      await park('b', 2);
      for (let time = 0; time < 3; time += 1) expect(await texts()).toEqual(['a', 'b', 'c']);
      const [first] = (await parked.list(service, 1)).items;
      expect(first).toMatchObject({
        service,
        reasonCode: 'HANDLER_FAILED',
        reason: 'no a',
        attempts: 1,
        redrives: 0,
        firstFailedAt: new Date(1),
        lastFailedAt: new Date(1),
      });
      expect(first?.stack).toContain('parked-events.contract');
      expect((await parked.find(service, first?.id ?? ''))?.reason).toBe('no a');
      expect(await parked.find(service, 'no such')).toBeUndefined();
    });

    it(`Parked events over ${name} are all listed and redriven, even ${many} of them and directly after another list`, async () => {
      for (let from = 0; from < many; from += 500) {
        await Promise.all(Array.from({ length: 500 }, (_, index) => park(`m${from + index}`, 1_000 + from + index)));
      }
      for (let list = 0; list < 3; list += 1) {
        expect((await parked.list(service, 2 * many)).items).toHaveLength(many);
      }
      expect(await parked.redrive(service)).toEqual({ redriven: many, failed: 0 });
    });

    it(`Parked events over ${name} are an empty list if the queue does not exist`, async () => {
      expect(await parked.list('nobody', 10)).toEqual({ items: [], hasMore: false });
    });

    it(`Parked events over ${name} appear on exactly one page each`, async () => {
      for (let index = 0; index < 25; index += 1) await park(`e${index}`, Math.floor(index / 3));
      const ids: string[] = [];
      let after: readonly [number, string] | undefined;
      for (;;) {
        const { items, hasMore } = await parked.list(service, 4, undefined, after);
        ids.push(...items.map(({ id }) => id));
        const last = items.at(-1);
        if (!hasMore || last === undefined) break;
        after = sortKeyOf(last);
      }
      expect(ids).toHaveLength(25);
      expect(new Set(ids).size).toBe(25);
    });

    it(`Parked events over ${name} can be filtered`, async () => {
      for (const text of ['a', 'b']) await park(text, 1);
      const { items } = await parked.list(service, 10, ({ reason }) => reason === 'no b');
      expect(items.map(({ reason }) => reason)).toEqual(['no b']);
    });

    it(`Parked events over ${name} return to their service’s queue with all retries left when one or all are redriven`, async () => {
      for (const text of ['a', 'b', 'c']) await park(text, 1);
      const [first] = (await parked.list(service, 1)).items;
      expect(await parked.redrive(service, ({ id }) => id === first?.id)).toEqual({ redriven: 1, failed: 0 });
      const received = collect(serviceQueueOf(service));
      await waitFor(() => received.length === 1);
      expect(await texts()).toHaveLength(2);
      expect(received[0]?.body).toEqual(first?.delivery.body);
      expect(received[0]?.messageId).toBe(first?.delivery.messageId);
      expect(received[0]?.headers).toMatchObject({
        traceparent: 'kept',
        [PARKING_HEADERS.redrives]: 1,
        [PARKING_HEADERS.firstFailedAt]: new Date(1).toISOString(),
      });
      expect(received[0]?.headers).not.toHaveProperty(PARKING_HEADERS.attempts);
      expect(await parked.redrive(service)).toEqual({ redriven: 2, failed: 0 });
      await waitFor(() => received.length === 3);
      expect(await texts()).toEqual([]);
    });

    it(`Parked events over ${name} stay parked if the service’s queue is missing when they are redriven`, async () => {
      await park('a', 1);
      await shared.broker.topology.deleteQueue(serviceQueueOf(service));
      expect(await parked.redrive(service)).toMatchObject({
        redriven: 0,
        failed: 1,
        failure: { code: 'MESSAGE_UNROUTABLE' },
      });
      expect(await texts()).toEqual(['a']);
    });

    it(`Parked events over ${name} of the event manager return to its own queue`, async () => {
      await park('a', 1, MANAGER_ROUTING_KEY);
      const received = collect(MANAGER_QUEUE);
      expect(await parked.redrive(MANAGER_ROUTING_KEY)).toEqual({ redriven: 1, failed: 0 });
      await waitFor(() => received.length === 1);
    });

    it(`Parked events over ${name} are removed when they are discarded`, async () => {
      for (const text of ['a', 'b']) await park(text, 1);
      expect(await parked.discard(service, ({ reason }) => reason === 'no a')).toBe(1);
      expect(await texts()).toEqual(['b']);
    });

    it(`Parked events over ${name} are all listed by each of several managers that list them concurrently`, async () => {
      for (let index = 0; index < 50; index += 1) await park(`e${index}`, index);
      const other = await shared.makeBroker();
      const managers = shared.isShared ? [shared.broker, other, shared.broker, other] : [shared.broker, shared.broker];
      const pages = await Promise.all(managers.map((manager) => new ParkedEvents(manager).list(service, 100)));
      expect(pages.map(({ items }) => items.length)).toEqual(managers.map(() => 50));
      await other.stop();
    });

    it(`Parked events over ${name} may come from other programs, with any headers`, async () => {
      await shared.broker.publish({
        exchange: '',
        routingKey: parkedQueueOf(service),
        body: Buffer.from('foreign'),
        headers: {
          [PARKING_HEADERS.attempts]: 'many',
          [PARKING_HEADERS.lastFailedAt]: 'never',
          [PARKING_HEADERS.redrives]: -0.5,
        },
      });
      const { items } = await parked.list(service, 10);
      expect(items).toMatchObject([{ attempts: 0, redrives: 0, reason: '', reasonCode: '' }]);
      expect((await parked.find(service, items[0]?.id ?? ''))?.delivery.body.toString()).toBe('foreign');
      expect(await parked.redrive(service)).toMatchObject({ redriven: 1 });
    });
  });
}

function deliveryOf(text: string): Delivery {
  return {
    body: Buffer.from(text),
    headers: { traceparent: 'kept' },
    exchange: '',
    routingKey: '',
    redelivered: false,
    messageId: text,
  };
}
