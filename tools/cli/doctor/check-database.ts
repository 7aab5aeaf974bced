import { databaseTls, withoutTlsParameters } from '@dbem/postgres';
import { Client, type ClientConfig } from 'pg';
import type { RunContext } from '../root-command';
import { checkClock, type Finding, fault, isAtLeast, note, ok, reasonOf, skipped } from './finding';

const TIMEOUT_MS = 5_000;
const LEAST_VERSION = [14] as const;
const AGED_CHANGE_S = 60;

interface State {
  readonly version: string;
  readonly now_ms: number;
  readonly may_create: boolean;
  readonly outbox: boolean;
  readonly replica: boolean;
}

const STATE = `
  SELECT current_setting('server_version') AS version,
    extract(epoch FROM clock_timestamp())::float8 * 1000 AS now_ms,
    has_database_privilege(current_database(), 'CREATE') AS may_create,
    to_regclass('db_event.outbox') IS NOT NULL AS outbox,
    to_regclass('db_event.replica_version') IS NOT NULL AS replica`;

const OLDEST = `SELECT max(extract(epoch FROM clock_timestamp() - changed_at))::float8 AS age_s FROM db_event.outbox`;

/** Checks a service's database with the settings of the service. */
export async function checkDatabase(name: string, url: string | undefined, env: RunContext['env']): Promise<Finding[]> {
  if (url === undefined) return [skipped(name, `set ${name} to the service’s DATABASE_URL`)];
  const client = new Client({ ...connectionOf(name, url, env), connectionTimeoutMillis: TIMEOUT_MS });
  try {
    await client.connect();
    const sentAtMs = Date.now();
    const [state] = (await client.query<State>(STATE)).rows;
    const receivedAtMs = Date.now();
    if (state === undefined) throw new Error('the database returned no row');
    return [
      isAtLeast(state.version, LEAST_VERSION)
        ? ok(name, `PostgreSQL ${state.version}`)
        : fault(name, `PostgreSQL ${state.version}`, 'upgrade to 14 or later'),
      checkClock(`${name}’s clock`, state.now_ms, sentAtMs, receivedAtMs, 0),
      state.may_create
        ? ok(`${name}’s permissions`, 'can create schemas')
        : note(`${name}’s permissions`, 'can’t create schemas', 'migrate with a user that can, before each upgrade'),
      ...(await checkSchema(client, name, state)),
    ];
  } catch (error) {
    return [
      fault(
        name,
        reasonOf(error),
        'check host, port, user, password and database in the URL; check that PostgreSQL runs',
      ),
    ];
  } finally {
    await client.end().catch(() => {
      // It was never connected.
    });
  }
}

/** The DATABASE_*_FILE variables apply to DATABASE_URL only; any other URL has its TLS settings in its parameters. */
function connectionOf(name: string, url: string, env: RunContext['env']): ClientConfig {
  const [ca, cert, key] = ['DATABASE_CA_FILE', 'DATABASE_CERT_FILE', 'DATABASE_KEY_FILE'].map(
    (variable) => env[variable] || undefined,
  );
  const isPlain = ca === undefined && cert === undefined && key === undefined;
  if (name !== 'DATABASE_URL' || isPlain) return { connectionString: url };
  return { connectionString: withoutTlsParameters(url), ssl: databaseTls({ ca, cert, key }) };
}

async function checkSchema(client: Client, name: string, { outbox, replica }: State): Promise<Finding[]> {
  if (!outbox && !replica) {
    return [
      fault(`${name}’s schema`, 'no tables of DB Event Manager', 'start the service once, which migrates its database'),
    ];
  }
  const roles = [outbox && 'publishes', replica && 'holds replicas'].filter(Boolean).join(', ');
  const findings = [ok(`${name}’s schema`, roles)];
  if (!outbox) return findings;
  const ageS = (await client.query<{ age_s: number | null }>(OLDEST)).rows[0]?.age_s ?? 0;
  findings.push(
    ageS > AGED_CHANGE_S
      ? fault(
          `${name}’s outbox`,
          `the oldest change has waited for ${Math.round(ageS)} s`,
          'check that the service runs and reaches the broker',
        )
      : ok(`${name}’s outbox`, `no change has waited for more than ${AGED_CHANGE_S} s`),
  );
  return findings;
}
