import { formatCount, formatDuration, plural } from '../ui/format';
import type { Edge, ManagerNode, ServiceNode, Topology } from './apply-changes';
import { groupBy } from './group-by';

export interface Trouble {
  readonly id: string;
  readonly tone: 'bad' | 'warn';
  readonly title: string;
  /** What it means for the data, and what to check. */
  readonly detail: string;
  /** The affected service; undefined: the event managers. */
  readonly service?: string;
  /** Link to the page on which to act. */
  readonly to: string;
}

/** An outbox whose oldest change is older than this does not drain. */
const STUCK_OUTBOX_MS = 15_000;
/** Lag that users notice. */
const SLOW_LAG_MS = 10_000;
const INTAKE_BACKLOG = 1_000;

/** All current troubles, most severe first; one per service and kind, however many subscriptions are affected. */
export function troublesOf({ managers, intake, services, edges }: Topology): Trouble[] {
  const bySubscriber = groupBy(edges, ({ subscriber }) => subscriber);
  const troubles = [
    ...managersTroubles(managers, intake),
    ...services.flatMap((service) => serviceTroubles(service, bySubscriber.get(service.name) ?? [])),
  ];
  return troubles.sort((one, other) => rank(one) - rank(other));
}

const rank = ({ tone }: Trouble) => (tone === 'bad' ? 0 : 1);

function managersTroubles(managers: readonly ManagerNode[], intake: Topology['intake']): Trouble[] {
  const troubles: Trouble[] = [];
  const to = '/cluster';
  for (const { id, state, reasons = [] } of managers) {
    if (state === 'unready') {
      const detail = reasons.join(' ') || 'It reports no reason.';
      troubles.push({ id: `manager ${id}`, tone: 'warn', title: 'An event manager is not ready', detail, to });
    }
    if (state === 'gone') {
      const detail = 'It stopped sending reports without shutting down. The other event managers continue.';
      troubles.push({ id: `manager ${id}`, tone: 'warn', title: 'An event manager is gone', detail, to });
    }
  }
  if (intake !== undefined && intake.consumers === 0) {
    const detail = `${plural(intake.events, 'event')} waiting in the intake queue.`;
    troubles.push({ id: 'intake', tone: 'bad', title: 'No event manager consumes events', detail, to });
  } else if (intake !== undefined && intake.events > INTAKE_BACKLOG) {
    const detail = `${formatCount(intake.events)} events waiting: they arrive faster than the event managers route them.`;
    troubles.push({ id: 'intake', tone: 'warn', title: 'The intake queue has a backlog', detail, to });
  }
  return troubles;
}

function serviceTroubles(service: ServiceNode, edges: readonly Edge[]): Trouble[] {
  const { name, health, instances, queue, parked = 0, outbox } = service;
  const troubles: Trouble[] = [];
  const add = (kind: string, tone: Trouble['tone'], title: string, detail: string, to = focusOn(name)) =>
    troubles.push({ id: `${kind} ${name}`, tone, title, detail, service: name, to });
  const edgesIn = (state: Edge['state']) => edges.filter((edge) => edge.state === state || edge.also?.includes(state));

  const expired = edgesIn('expired');
  const unconsumed = edgesIn('unconsumed');
  const waiting = queue === undefined ? '' : ` ${plural(queue.events, 'event')} waiting.`;
  if (expired.length > 0) {
    const to = `/subscriptions?subscriber=${encodeURIComponent(name)}`;
    add(
      'expired',
      'bad',
      `${name}’s subscriptions have expired`,
      'It was away too long and is missing events. Repair it when it is back.',
      to,
    );
  }
  if (unconsumed.length > 0)
    add('unconsumed', 'bad', `No consumer for ${name}’s events`, `None of its instances consumes its queue.${waiting}`);
  else if (health === 'gone')
    add('gone', 'bad', `${name} is gone`, `All of its instances have stopped reporting.${waiting}`);
  if (health === 'unready') {
    const reasons = instances.flatMap((instance) => instance.reasons ?? []);
    add(
      'unready',
      'warn',
      `${name} is not ready`,
      reasons.join(' ') || 'An instance reports that it is not ready, without a reason.',
    );
  }
  if (outbox !== undefined && outbox.depth > 0 && outbox.oldestAgeMs > STUCK_OUTBOX_MS) {
    const detail = `${plural(outbox.depth, 'change')} in its outbox, the oldest ${formatDuration(outbox.oldestAgeMs)} old.`;
    add('outbox', 'bad', `${name} can’t publish`, detail);
  }
  const slow = unconsumed.length > 0 ? [] : edges.filter(isBehind);
  if (slow.length > 0) {
    const worst = Math.max(...slow.map(({ lagP99Ms = 0 }) => lagP99Ms));
    add('slow', 'warn', `${name} is behind`, `Changes take up to ${formatDuration(worst)} to reach it.${waiting}`);
  }
  if (parked > 0) {
    const to = `/parked?service=${encodeURIComponent(name)}`;
    add(
      'parked',
      'warn',
      `${plural(parked, 'event')} parked by ${name}`,
      'It could not apply them. Inspect them, then redrive or discard them.',
      to,
    );
  }
  return troubles;
}

/** The quantile covers the last minutes: after an outage it stays high although new events arrive at once. */
function isBehind({ lagP99Ms = 0, lastLagMs = lagP99Ms }: Edge): boolean {
  return lagP99Ms > SLOW_LAG_MS && lastLagMs > SLOW_LAG_MS;
}

function focusOn(service: string): string {
  return `/?focus=${encodeURIComponent(service)}`;
}
