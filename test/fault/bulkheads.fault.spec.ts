import type { Topology } from '@dbem/observation';
import { type Delivery, type RabbitMqBroker, retriedMessage, serviceQueueOf } from '@dbem/transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silenceQueue } from '../support/broker/silence-queue';
import { projectEvent } from '../support/events/project-event';
import { promisesHold } from '../support/faults/expectations/history';
import { allReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import { connectedBroker } from '../support/faults/workload/connected-broker';
import { consumeAll, NumberedUsers } from '../support/faults/workload/numbered-users';
import { requestUntilAccepted } from '../support/faults/workload/subscribing';
import { userEvent } from '../support/replica/user-events';
import { waitFor } from '../support/waiting/wait-for';

const SERVICE = 'bystander';
const NEIGHBOUR = 'neighbour';
const QUEUE = serviceQueueOf(SERVICE);

/** Some event, with which the test tries the queue. */
const PROBE = projectEvent('registry');

/** Events while the queue takes none: more than an intake without circuit breakers has in hand. */
const EVENTS = 500;

describe('a service’s queue that takes no events', () => {
  let system: FaultSystem<'RabbitMQ'>;
  let broker: RabbitMqBroker;

  beforeAll(async () => {
    system = await FaultSystem.prepare({ owns: ['RabbitMQ'], asProcesses: ['event-manager'] });
    await system.startApps();
    await system.startApp('event-manager 2');
    await allReady(system);
    broker = await connectedBroker(system.amqpUrl, { confirmTimeoutMs: 1_000 });
    await requestUntilAccepted(broker, 'SUBSCRIBE', SERVICE);
    await requestUntilAccepted(broker, 'SUBSCRIBE', NEIGHBOUR);
  });

  afterAll(async () => {
    await broker?.stop();
    await system?.stop();
  });

  /** Why the queue does not take this message. */
  const failure = () =>
    broker.publish({ exchange: '', routingKey: QUEUE, body: PROBE }).then(
      () => 'none',
      (error: { code: string }) => error.code,
    );

  const troublesOfQueue = async () => {
    const { body } = await system.admin<Topology>('GET', '/topology');
    return body.troubles.filter(({ queue }) => queue === QUEUE);
  };

  /** What makes the queue take no events, until the returned function is called. */
  const STATES = [
    {
      state: 'refuses all messages',
      code: 'MESSAGE_REJECTED',
      cause: 'refuses',
      begin: async () => {
        const rabbitMq = system.server('RabbitMQ');
        await rabbitMq.control(
          'set_policy',
          '-p',
          vhostOf(system.amqpUrl),
          'full',
          `^${QUEUE}$`,
          '{"max-length":0,"overflow":"reject-publish"}',
          '--apply-to',
          'queues',
        );
        return () => rabbitMq.control('clear_policy', '-p', vhostOf(system.amqpUrl), 'full');
      },
    },
    {
      state: 'confirms no message',
      code: 'CONFIRM_OVERDUE',
      cause: 'silent',
      begin: () => silenceQueue(system.server('RabbitMQ'), QUEUE, vhostOf(system.amqpUrl)),
    },
  ];

  it.each(STATES)(
    'A queue that $state delays no event for others, is reported, and gets its own events afterwards',
    async ({ code, cause, begin }) => {
      const users = NumberedUsers.start(system, code.toLowerCase().replace('_', '-'), 6);
      await users.more(20);
      const end = await begin();
      let first: number;
      try {
        await waitFor(async () => (await failure()) === code, { what: `the queue to fail with ${code}` });
        first = users.last + 1;
        await users.more(EVENTS);
        await users.untilRouted(first, users.last);
        expect(await troublesOfQueue()).toEqual([
          expect.objectContaining({ service: SERVICE, cause, severity: 'error', since: expect.any(String) }),
        ]);
        expect(await failure()).toBe(code);
      } finally {
        await end();
      }
      await users.more(20);
      await users.stop();
      const got = await consumeAll(broker, QUEUE, users.ids(1, users.last));
      expect(got.size).toBeGreaterThanOrEqual(users.last);
      await waitFor(async () => (await troublesOfQueue()).length === 0, { what: 'the trouble to end' });
      await promisesHold(system);
    },
    600_000,
  );

  it.each([...STATES, { state: 'was deleted', code: 'MESSAGE_UNROUTABLE', begin: deleteQueue }])(
    'Retried events for a queue that $state do not hold up those of another service, and get there afterwards',
    async ({ code, begin }) => {
      const ids = (service: string, count: number) =>
        Array.from({ length: count }, (_, index) => `${service}${index}-${code.toLowerCase()}@gw`);
      const retry = (service: string, entityIds: readonly string[]) =>
        Promise.all(entityIds.map((id) => broker.publish(retriedMessage(deliveryOfUser(id), service))));
      // More than RabbitMQ holds of a lane while their queue does not take them, in each lane.
      const own = ids(SERVICE, 300);
      const others = ids(NEIGHBOUR, 20);
      const end = await begin();
      try {
        await waitFor(async () => (await failure()) === code, { what: `the queue to fail with ${code}` });
        await retry(SERVICE, own);
        await retry(NEIGHBOUR, others);
        await consumeAll(broker, serviceQueueOf(NEIGHBOUR), others);
      } finally {
        await end();
      }
      await consumeAll(broker, QUEUE, own);
    },
    600_000,
  );

  async function deleteQueue(): Promise<() => Promise<unknown>> {
    await broker.topology.deleteQueue(QUEUE);
    return async () => {};
  }
});

/** An event as a service receives it. */
function deliveryOfUser(entityId: string): Delivery {
  const version = { publisher: 'user.profile', entityType: 'USER_PROFILE', entityId, version: 1n } as const;
  return { body: userEvent(version), headers: {}, exchange: '', routingKey: QUEUE, redelivered: false };
}

function vhostOf(amqpUrl: string): string {
  return decodeURIComponent(new URL(amqpUrl).pathname.slice(1)) || '/';
}
