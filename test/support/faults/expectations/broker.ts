import type { PrivateRabbitMq } from '../../../../tools/servers/private-rabbitmq';
import { type Answer } from '../../http/http';
import { waitFor } from '../../waiting/wait-for';

interface Management {
  management<Body>(path: string): Promise<Answer<Body>>;
}

/** Waits until the broker reports an alarm: it blocks publishers. */
export async function expectAlarm(system: Management): Promise<void> {
  await waitFor(async () => (await alarms(system)) === 503, { what: 'the broker to report an alarm' });
}

export async function expectNoAlarm(system: Management): Promise<void> {
  await waitFor(async () => (await alarms(system)) === 200, { what: 'the broker to report no alarm' });
}

export async function expectNoQueue(system: Management, queue: string): Promise<void> {
  const what = `the broker to have no ${queue}`;
  await waitFor(async () => (await system.management(`/api/queues/{vhost}/${queue}`)).status === 404, { what });
}

export async function expectQueue(system: Management, queue: string): Promise<void> {
  const what = `the broker to have ${queue}`;
  await waitFor(async () => (await system.management(`/api/queues/{vhost}/${queue}`)).status === 200, { what });
}

/** The queues that are bound to an exchange; empty if the exchange does not exist. */
export async function queuesBoundTo(system: Management, exchange: string): Promise<string[]> {
  const { status, body } = await system.management<{ destination: string }[]>(
    `/api/exchanges/{vhost}/${exchange}/bindings/source`,
  );
  return status === 404 ? [] : body.map(({ destination }) => destination);
}

async function alarms(system: Management): Promise<number> {
  return (await system.management('/api/health/checks/alarms')).status;
}

/**
 * RabbitMQ (3.10) writes a new quorum queue's registration to disk some time after it has confirmed the declaration; if
 * it is killed before that, the queue never comes up again. Tests that kill RabbitMQ are about queues that have existed
 * for a while.
 */
export async function flushQueueRegistrations(rabbitMq: PrivateRabbitMq): Promise<void> {
  await rabbitMq.control('eval', '[ok = dets:sync(Table) || Table <- dets:all()], mnesia:sync_log().');
}
