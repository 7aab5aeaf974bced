import { checkClock, type Finding, fault, note, ok, reasonOf, skipped } from './finding';

const TIMEOUT_MS = 5_000;
/** The Date header counts whole seconds. */
const DATE_HEADER_PRECISION_MS = 1_000;

/** Looks at RabbitMQ's management API, which knows of its clock, its alarms, and of rights. */
export async function checkManagement(url: string | undefined): Promise<Finding[]> {
  if (url === undefined)
    return [skipped('broker’s management', 'set AMQP_MANAGEMENT_URL for its clock and its alarms')];
  const { username, password, origin } = new URL(url);
  const authorization = `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}`;
  const get = (path: string) =>
    fetch(new URL(path, origin), { headers: { authorization }, signal: AbortSignal.timeout(TIMEOUT_MS) });
  try {
    const askedAtMs = Date.now();
    const response = await get('/api/whoami');
    const answeredAtMs = Date.now();
    if (!response.ok) {
      const fix = 'check user and password in AMQP_MANAGEMENT_URL';
      return [fault('broker’s management', `answered ${response.status}`, fix)];
    }
    const { name, tags } = (await response.json()) as { name: string; tags: string | string[] };
    const findings = [
      [tags].flat().join(' ').includes('administrator')
        ? ok('broker’s management', `${name} is an administrator`)
        : note('broker’s management', `${name} is no administrator`, 'only an administrator can make broker users'),
    ];
    const date = response.headers.get('date');
    if (date !== null) {
      findings.push(checkClock('broker’s clock', Date.parse(date), askedAtMs, answeredAtMs, DATE_HEADER_PRECISION_MS));
    }
    const alarms = await get('/api/health/checks/alarms');
    findings.push(
      alarms.ok
        ? ok('broker’s alarms', 'none')
        : fault(
            'broker’s alarms',
            'it lacks memory or disk and takes no messages',
            'give it more, or empty what fills it',
          ),
    );
    return findings;
  } catch (error) {
    return [
      fault('broker’s management', reasonOf(error), 'check AMQP_MANAGEMENT_URL: host, port, and that the plugin is on'),
    ];
  }
}
