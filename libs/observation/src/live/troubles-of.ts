import type { Unavailability, UnavailableQueue } from '../status/unavailable-queues.port';
import { groupBy } from './group-by';
import type { Edge, ManagerNode, ServiceNode, Topology } from './topology';
import type { Trouble } from './trouble';

/** An outbox whose oldest change is older than this does not drain. */
const STUCK_OUTBOX_MS = 15_000;
/** Lag that users notice. */
const SLOW_LAG_MS = 10_000;
const INTAKE_BACKLOG = 1_000;

export interface Observed extends Pick<Topology, 'managers' | 'intake' | 'services' | 'edges'> {
  readonly nowMs: number;
  /** As the live event managers report them: several may report the same queue. */
  readonly unavailable: readonly UnavailableQueue[];
}

/** All current troubles, errors first; one per service and kind, however many subscriptions are affected. */
export function troublesOf({ managers, intake, services, edges, unavailable, nowMs }: Observed): Trouble[] {
  const bySubscriber = groupBy(edges, ({ subscriber }) => subscriber);
  const troubles = [
    ...managersTroubles(managers, intake),
    ...queueTroubles(unavailable),
    ...services.flatMap((service) => serviceTroubles(service, bySubscriber.get(service.name) ?? [], nowMs)),
  ];
  return troubles.sort((one, other) => rank(one) - rank(other));
}

const rank = ({ severity }: Trouble) => (severity === 'error' ? 0 : 1);

function managersTroubles(managers: readonly ManagerNode[], intake: Topology['intake']): Trouble[] {
  const troubles: Trouble[] = [];
  for (const { id, state, reasons = [], lastReceivedAt } of managers) {
    const common = { id: `manager ${id}`, severity: 'warning', page: 'cluster' } as const;
    if (state === 'unready') {
      const detail = reasons.join(' ') || 'It reports no reason.';
      troubles.push({ ...common, title: 'An event manager is not ready', detail });
    }
    if (state === 'gone') {
      const detail = 'It stopped sending reports without shutting down. The other event managers continue.';
      const since = lastReceivedAt === undefined ? {} : { since: lastReceivedAt };
      troubles.push({ ...common, title: 'An event manager is gone', detail, ...since });
    }
  }
  if (intake !== undefined && intake.consumers === 0) {
    const detail = `${plural(intake.events, 'event')} waiting in the intake queue.`;
    const title = 'No event manager consumes events';
    troubles.push({ id: 'intake', severity: 'error', title, detail, page: 'cluster' });
  } else if (intake !== undefined && intake.events > INTAKE_BACKLOG) {
    const detail = `${plural(intake.events, 'event')} waiting: they arrive faster than the event managers route them.`;
    const title = 'The intake queue has a backlog';
    troubles.push({ id: 'intake', severity: 'warning', title, detail, page: 'cluster' });
  }
  return troubles;
}

const BY_CAUSE: Readonly<Record<Unavailability, (queue: string) => string>> = {
  refuses: (queue) => `RabbitMQ rejects messages to ${queue}: a limit or a policy may be in force.`,
  missing: (queue) => `${queue} does not exist and can’t be declared: its node may be down.`,
  silent: (queue) => `RabbitMQ answers, but confirms no message to ${queue}: its leader may be down.`,
  slow: (queue) => `RabbitMQ confirms messages to ${queue} much later than to other queues.`,
};

/** The first report of a queue counts: one trouble, however many managers report it. */
function queueTroubles(unavailable: readonly UnavailableQueue[]): Trouble[] {
  const byQueue = groupBy(unavailable, ({ queue }) => queue);
  return [...byQueue].map(([queue, reports]) => {
    const first = reports.reduce((one, other) => (other.sinceMs < one.sinceMs ? other : one));
    const { service, cause, sinceMs } = first;
    return {
      id: `queue ${queue}`,
      severity: 'error',
      title: `${service}’s queue takes no events`,
      detail: `${BY_CAUSE[cause](queue)} Its events wait in an overflow queue, and are delivered when it takes them again.`,
      since: new Date(sinceMs).toISOString(),
      service,
      queue,
      cause,
      page: 'overview',
    };
  });
}

function serviceTroubles(service: ServiceNode, edges: readonly Edge[], nowMs: number): Trouble[] {
  const { name, health, instances, queue, parked = 0, outbox } = service;
  const troubles: Trouble[] = [];
  const add = (
    kind: string,
    severity: Trouble['severity'],
    title: string,
    detail: string,
    more: Partial<Pick<Trouble, 'page' | 'since'>> = {},
  ) => troubles.push({ id: `${kind} ${name}`, severity, title, detail, service: name, page: 'overview', ...more });
  const edgesIn = (state: Edge['state']) => edges.filter((edge) => edge.state === state || edge.also?.includes(state));

  const unconsumed = edgesIn('unconsumed');
  const waiting = queue === undefined ? '' : ` ${plural(queue.events, 'event')} waiting.`;
  if (edgesIn('expired').length > 0) {
    const detail = 'It was away too long and is missing events. Repair it when it is back.';
    add('expired', 'error', `${name}’s subscriptions have expired`, detail, { page: 'subscriptions' });
  }
  if (unconsumed.length > 0) {
    const detail = `None of its instances consumes its queue.${waiting}`;
    add('unconsumed', 'error', `No consumer for ${name}’s events`, detail);
  } else if (health === 'gone') {
    add('gone', 'error', `${name} is gone`, `All of its instances have stopped reporting.${waiting}`);
  }
  if (health === 'unready') {
    const reasons = instances.flatMap((instance) => instance.reasons ?? []);
    const detail = reasons.join(' ') || 'An instance reports that it is not ready, without a reason.';
    add('unready', 'warning', `${name} is not ready`, detail);
  }
  if (outbox !== undefined && outbox.depth > 0 && outbox.oldestAgeMs > STUCK_OUTBOX_MS) {
    // Rounded, because the age is measured from time to time.
    const since = new Date(Math.round((nowMs - outbox.oldestAgeMs) / 10_000) * 10_000).toISOString();
    add('outbox', 'error', `${name} can’t publish`, `${plural(outbox.depth, 'change')} in its outbox.`, { since });
  }
  const slow = unconsumed.length > 0 ? [] : edges.filter(isBehind);
  if (slow.length > 0) {
    const worstS = Math.round(Math.max(...slow.map(({ lagP99Ms = 0 }) => lagP99Ms)) / 1_000);
    const detail = `Changes take up to ${plural(worstS, 'second')} to reach it.${waiting}`;
    add('slow', 'warning', `${name} is behind`, detail);
  }
  if (parked > 0) {
    const detail = 'It could not apply them. Inspect them, then redrive or discard them.';
    add('parked', 'warning', `${plural(parked, 'event')} parked by ${name}`, detail, { page: 'parked' });
  }
  return troubles;
}

/** The quantile covers the last minutes: after an outage it stays high although new events arrive at once. */
function isBehind({ lagP99Ms = 0, lastLagMs = lagP99Ms }: Edge): boolean {
  return lagP99Ms > SLOW_LAG_MS && lastLagMs > SLOW_LAG_MS;
}

const COUNT = new Intl.NumberFormat('en');

function plural(count: number, one: string): string {
  return `${COUNT.format(count)} ${count === 1 ? one : `${one}s`}`;
}
