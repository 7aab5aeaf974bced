import type { PrivateRabbitMq } from '../../../../tools/servers/private-rabbitmq';
import { type Answer } from '../../http/http';
import { waitFor } from '../../waiting/wait-for';

interface Management {
  management<Body>(path: string): Promise<Answer<Body>>;
}

/** Waits until the broker reports an alarm: it takes nothing from publishers. */
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

/** The queues that the broker has bound to an exchange now; none if there is no such exchange. */
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
 * RabbitMQ (3.10) writes a new quorum queue's registration to disk some time after it has confirmed the declaration; one that is
 * killed before never brings the queue up again. A test that kills RabbitMQ is about queues that have been there for a while.
 */
export async function flushQueueRegistrations(rabbitMq: PrivateRabbitMq): Promise<void> {
  await rabbitMq.control('eval', '[ok = dets:sync(Table) || Table <- dets:all()], mnesia:sync_log().');
}
