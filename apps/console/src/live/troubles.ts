import { formatCount, formatDuration, plural } from '../ui/format';
import type { Edge, ManagerNode, ServiceNode, Topology } from './apply-changes';
import { groupBy } from './group-by';

export interface Trouble {
  readonly id: string;
  readonly tone: 'bad' | 'warn';
  readonly title: string;
  /** What it means for the data, and what to look at. */
  readonly detail: string;
  /** Whom it concerns; undefined: the event managers. */
  readonly service?: string;
  /** Where to do something about it. */
  readonly to: string;
}

/** An outbox that is older than this does not drain. */
const AGED_OUTBOX_MS = 15_000;
/** Lag that people notice. */
const SLOW_LAG_MS = 10_000;
const FULL_INTAKE = 1_000;

/** All that is wrong now, gravest first; one entry a service and kind of trouble, however many subscriptions it has. */
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
      const detail = reasons.join(' ') || 'It does not say why.';
      troubles.push({ id: `manager ${id}`, tone: 'warn', title: 'An event manager is not ready', detail, to });
    }
    if (state === 'gone') {
      const detail = 'The others carry on. It fell silent without a word of leave.';
      troubles.push({ id: `manager ${id}`, tone: 'warn', title: 'An event manager is gone', detail, to });
    }
  }
  if (intake !== undefined && intake.consumers === 0) {
    const detail = `${plural(intake.messages, 'event')} wait before the event managers.`;
    troubles.push({ id: 'intake', tone: 'bad', title: 'No event manager takes events', detail, to });
  } else if (intake !== undefined && intake.messages > FULL_INTAKE) {
    const detail = `${formatCount(intake.messages)} events wait before the event managers: more come than they route.`;
    troubles.push({ id: 'intake', tone: 'warn', title: 'The intake is behind', detail, to });
  }
  return troubles;
}

function serviceTroubles(service: ServiceNode, edges: readonly Edge[]): Trouble[] {
  const { name, health, instances, queue, parked = 0, outbox } = service;
  const troubles: Trouble[] = [];
  const add = (kind: string, tone: Trouble['tone'], title: string, detail: string, to = focusOn(name)) =>
    troubles.push({ id: `${kind} ${name}`, tone, title, detail, service: name, to });
  const holds = (state: Edge['state']) => edges.filter((edge) => edge.state === state || edge.also?.includes(state));

  const expired = holds('expired');
  const silent = holds('silent');
  const waiting =
    queue === undefined ? '' : ` ${plural(queue.messages, 'event')} wait${queue.messages === 1 ? 's' : ''}.`;
  if (expired.length > 0) {
    const to = `/subscriptions?subscriber=${encodeURIComponent(name)}`;
    add(
      'expired',
      'bad',
      `${name} has expired`,
      'It stayed away too long and misses events: repair it when it is back.',
      to,
    );
  }
  if (silent.length > 0) add('silent', 'bad', `Nobody takes ${name}’s events`, `No instance of it consumes.${waiting}`);
  else if (health === 'gone')
    add('gone', 'bad', `${name} is gone`, `None of its instances is heard any more.${waiting}`);
  if (health === 'unready') {
    const reasons = instances.flatMap(({ reasons: own = [] }) => own);
    add('unready', 'warn', `${name} is not ready`, reasons.join(' ') || 'An instance of it says so, and not why.');
  }
  if (outbox !== undefined && outbox.depth > 0 && outbox.oldestAgeMs > AGED_OUTBOX_MS) {
    const detail = `${plural(outbox.depth, 'change')} in its outbox, the oldest for ${formatDuration(outbox.oldestAgeMs)}.`;
    add('outbox', 'bad', `${name} can’t publish`, detail);
  }
  const slow = silent.length > 0 ? [] : edges.filter(isBehind);
  if (slow.length > 0) {
    const worst = Math.max(...slow.map(({ lagP99Ms = 0 }) => lagP99Ms));
    add('slow', 'warn', `${name} is behind`, `Changes take up to ${formatDuration(worst)} to reach it.${waiting}`);
  }
  if (parked > 0) {
    const to = `/parked?service=${encodeURIComponent(name)}`;
    add(
      'parked',
      'warn',
      `${plural(parked, 'event')} parked of ${name}`,
      'It could not use them. Look inside, then redrive or discard.',
      to,
    );
  }
  return troubles;
}

/** The quantile remembers the last minutes: after an outage it stays high, while what comes now comes at once. */
function isBehind({ lagP99Ms = 0, lastLagMs = lagP99Ms }: Edge): boolean {
  return lagP99Ms > SLOW_LAG_MS && lastLagMs > SLOW_LAG_MS;
}

function focusOn(service: string): string {
  return `/?focus=${encodeURIComponent(service)}`;
}
