import { checkClock, type Finding, fault, note, ok, reasonOf, skipped } from './finding';

const TIMEOUT_MS = 5_000;
/** The Date header has a resolution of one second. */
const DATE_HEADER_PRECISION_MS = 1_000;

/** Checks RabbitMQ's clock, its alarms and the user's permissions through the management API. */
export async function checkManagement(url: string | undefined): Promise<Finding[]> {
  if (url === undefined)
    return [skipped('management API', 'set AMQP_MANAGEMENT_URL to check the broker’s clock and alarms')];
  const { username, password, origin } = new URL(url);
  const authorization = `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}`;
  const get = (path: string) =>
    fetch(new URL(path, origin), { headers: { authorization }, signal: AbortSignal.timeout(TIMEOUT_MS) });
  try {
    const sentAtMs = Date.now();
    const response = await get('/api/whoami');
    const receivedAtMs = Date.now();
    if (!response.ok) {
      const fix = 'check user and password in AMQP_MANAGEMENT_URL';
      return [fault('management API', `responded with status ${response.status}`, fix)];
    }
    const { name, tags } = (await response.json()) as { name: string; tags: string | string[] };
    const findings = [
      [tags].flat().join(' ').includes('administrator')
        ? ok('management API', `${name} is an administrator`)
        : note('management API', `${name} is not an administrator`, 'only an administrator can create broker users'),
    ];
    const date = response.headers.get('date');
    if (date !== null) {
      findings.push(checkClock('broker’s clock', Date.parse(date), sentAtMs, receivedAtMs, DATE_HEADER_PRECISION_MS));
    }
    const alarms = await get('/api/health/checks/alarms');
    findings.push(
      alarms.ok
        ? ok('broker’s alarms', 'none')
        : fault(
            'broker’s alarms',
            'out of memory or disk: publishers are blocked',
            'free memory or disk space on the broker, or add more',
          ),
    );
    return findings;
  } catch (error) {
    return [
      fault(
        'management API',
        reasonOf(error),
        'check host and port in AMQP_MANAGEMENT_URL; check that the management plugin is enabled',
      ),
    ];
  }
}
