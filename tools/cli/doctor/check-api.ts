import { healthOf } from '../api/health';
import { listMembers, listServices } from '../api/lists';
import { CliError } from '../cli.error';
import type { Session } from '../session';
import { checkClock, type Finding, fault, note, ok } from './finding';

/** The Date header counts whole seconds. */
const DATE_HEADER_PRECISION_MS = 1_000;

/** Looks at the event manager through its API. */
export async function checkApi(session: Session): Promise<Finding[]> {
  const askedAtMs = Date.now();
  let date: string | null;
  try {
    date = (await fetch(new URL('/health/live', session.url))).headers.get('date');
  } catch {
    const fix = 'start an event manager, or say with DBEM_URL where one is';
    return [fault('event manager', `${session.url} can’t be reached`, fix)];
  }
  const findings = [ok('event manager', `${session.url} answers`)];
  if (date !== null) {
    findings.push(checkClock('its clock', Date.parse(date), askedAtMs, Date.now(), DATE_HEADER_PRECISION_MS));
  }
  if (session.token === undefined) {
    findings.push(fault('token', 'there is none', 'set DBEM_TOKEN to a token of the admin API'));
    return findings;
  }
  try {
    findings.push(...(await checkHealth(session)), ...(await checkMembers(session)), ...(await checkQueues(session)));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    findings.push(
      fault('admin API', error.message, 'set DBEM_TOKEN to a token that is valid there, of the role viewer or more'),
    );
  }
  return findings;
}

async function checkHealth({ api }: Session): Promise<Finding[]> {
  const { details } = await healthOf(api);
  return Object.entries(details).map(([name, { status, state, fault: said }]) => {
    const check = `event manager’s ${name}`;
    if (status === 'up' && state !== 'degraded') return ok(check, state ?? 'up');
    return fault(
      check,
      said ?? state ?? status,
      `read the event manager’s log; check that it can reach what ${name} needs`,
    );
  });
}

async function checkMembers({ api }: Session): Promise<Finding[]> {
  const members = await listMembers(api);
  const revisions = new Set(members.map(({ appliedRevision }) => appliedRevision));
  return [
    members.length > 1
      ? ok('event managers', `${members.length} are alive`)
      : note('event managers', 'only one is alive', 'run two or more, so that one may fail'),
    revisions.size > 1
      ? note(
          'subscription map',
          'not all managers route by the same change',
          'ask again; if it stays so, restart the one that is behind (dbem members)',
        )
      : ok('subscription map', 'all managers route by the same change'),
  ];
}

async function checkQueues({ api }: Session): Promise<Finding[]> {
  const services = await listServices(api);
  return services.flatMap(({ name, queue, parked, subscribesTo }) => {
    const findings: Finding[] = [];
    const needsQueue = subscribesTo.length > 0 || name === 'db.event';
    if (queue === undefined && needsQueue) {
      findings.push(fault(`queue of ${name}`, 'it is missing', 'dbem subscriptions receipt makes it again'));
    } else if (queue !== undefined && queue.consumers === 0) {
      findings.push(note(`queue of ${name}`, `nobody consumes it; ${queue.messages} messages wait`, `start ${name}`));
    }
    if (parked !== undefined && parked.messages > 0) {
      findings.push(note(`parked of ${name}`, `${parked.messages} messages`, `dbem parked list --service ${name}`));
    }
    return findings;
  });
}
