import { healthOf } from '../api/health';
import { listMembers, listServices } from '../api/lists';
import { CliError } from '../cli.error';
import type { Session } from '../session';
import { checkClock, type Finding, fault, note, ok } from './finding';

/** The Date header has a resolution of one second. */
const DATE_HEADER_PRECISION_MS = 1_000;

/** Checks the event manager through its admin API. */
export async function checkApi(session: Session): Promise<Finding[]> {
  const sentAtMs = Date.now();
  let date: string | null;
  try {
    date = (await fetch(new URL('/health/live', session.url))).headers.get('date');
  } catch {
    const fix = 'start an event manager, or set DBEM_URL to a running one';
    return [fault('event manager', `can’t reach ${session.url}`, fix)];
  }
  const findings = [ok('event manager', `${session.url} responds`)];
  if (date !== null) {
    findings.push(
      checkClock('event manager’s clock', Date.parse(date), sentAtMs, Date.now(), DATE_HEADER_PRECISION_MS),
    );
  }
  if (session.token === undefined) {
    findings.push(fault('token', 'not set', 'set DBEM_TOKEN to a token of the admin API'));
    return findings;
  }
  try {
    findings.push(...(await checkHealth(session)), ...(await checkMembers(session)), ...(await checkQueues(session)));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    findings.push(fault('admin API', error.message, 'set DBEM_TOKEN to a valid token with the role viewer or higher'));
  }
  return findings;
}

async function checkHealth({ api }: Session): Promise<Finding[]> {
  const { details } = await healthOf(api);
  return Object.entries(details).map(([name, { status, state, fault: reason }]) => {
    const check = `event manager’s ${name}`;
    if (status === 'up' && state !== 'degraded') return ok(check, state ?? 'up');
    return fault(
      check,
      reason ?? state ?? status,
      `read the event manager’s log; check that it can reach the servers that ${name} depends on`,
    );
  });
}

async function checkMembers({ api }: Session): Promise<Finding[]> {
  const members = await listMembers(api);
  const revisions = new Set(members.map(({ appliedRevision }) => appliedRevision));
  return [
    members.length > 1
      ? ok('event managers', `${members.length} alive`)
      : note('event managers', 'only one is alive', 'run at least two, so that one may fail'),
    revisions.size > 1
      ? note(
          'subscription map',
          'the managers route by different revisions',
          'check again; if it persists, restart the manager that is behind (dbem members)',
        )
      : ok('subscription map', 'all managers route by the same revision'),
  ];
}

async function checkQueues({ api }: Session): Promise<Finding[]> {
  const services = await listServices(api);
  return services.flatMap(({ name, queue, parked, subscribesTo }) => {
    const findings: Finding[] = [];
    const needsQueue = subscribesTo.length > 0 || name === 'db.event';
    if (queue === undefined && needsQueue) {
      findings.push(fault(`queue of ${name}`, 'missing', 'run dbem subscriptions receipt, which declares it'));
    } else if (queue !== undefined && queue.consumers === 0) {
      findings.push(note(`queue of ${name}`, `no consumer; ${queue.events} events waiting`, `start ${name}`));
    }
    if (parked !== undefined && parked.messages > 0) {
      findings.push(
        note(`parked events of ${name}`, `${parked.messages} messages`, `dbem parked list --service ${name}`),
      );
    }
    return findings;
  });
}
