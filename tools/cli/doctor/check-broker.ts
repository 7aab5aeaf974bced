import { readTlsFiles } from '@dbem/runtime';
import { connect, credentials } from 'amqplib';
import type { RunContext } from '../root-command';
import { type Finding, fault, isAtLeast, note, ok, reasonOf, skipped } from './finding';

const TIMEOUT_MS = 5_000;
const LEAST_VERSION = [3, 10] as const;
const INTAKE_QUEUE = 'db.event.intake.queue';

/** Checks RabbitMQ with the settings of an app. */
export async function checkBroker(url: string | undefined, env: RunContext['env']): Promise<Finding[]> {
  if (url === undefined) return [skipped('broker', 'set AMQP_URL as the apps have it')];
  let connection: Awaited<ReturnType<typeof connect>>;
  try {
    const { hostname: servername } = new URL(url);
    connection = await connect(url, { timeout: TIMEOUT_MS, servername, ...tlsOptionsOf(env) });
  } catch (error) {
    return [
      fault(
        'broker',
        reasonOf(error),
        'check host, port, user, password and vhost in AMQP_URL; check that RabbitMQ runs',
      ),
    ];
  }
  // The loss of the connection is what the next call rejects with.
  connection.on('error', () => {});
  try {
    const { version } = connection.connection.serverProperties as { version: string };
    const findings = [
      isAtLeast(version, LEAST_VERSION)
        ? ok('broker', `RabbitMQ ${version}`)
        : fault('broker', `RabbitMQ ${version}`, 'upgrade to 3.10 or later, which quorum queues need'),
    ];
    return [...findings, checkUser(url), await checkManagerQueue(connection)];
  } finally {
    // Not awaited: this stays pending if the connection is lost meanwhile.
    connection.close().catch(() => {
      // The broker has already closed it.
    });
  }
}

function tlsOptionsOf(env: RunContext['env']) {
  const [ca, cert, key] = ['AMQP_CA_FILE', 'AMQP_CERT_FILE', 'AMQP_KEY_FILE'].map((name) => env[name] || undefined);
  return {
    ...readTlsFiles({ ca, cert, key }),
    ...(env['AMQP_AUTH'] === 'certificate' && { credentials: credentials.external() }),
  };
}

function checkUser(url: string): Finding {
  const { username, protocol } = new URL(url);
  const check = 'broker’s permissions';
  const connection = `${decodeURIComponent(username) || 'guest'}, ${protocol === 'amqps:' ? 'with TLS' : 'without TLS'}`;
  return username === 'guest' || username === ''
    ? note(check, connection, 'run npm run provision, which creates a user with minimal permissions for each service')
    : ok(check, connection);
}

async function checkManagerQueue(connection: Awaited<ReturnType<typeof connect>>): Promise<Finding> {
  const channel = await connection.createChannel();
  // A refusal closes the channel; the call below rejects with the same error.
  channel.on('error', () => {});
  try {
    const { consumerCount } = await channel.checkQueue(INTAKE_QUEUE);
    if (consumerCount > 0) return ok(INTAKE_QUEUE, `${consumerCount} consumers`);
    return fault(INTAKE_QUEUE, 'no consumer: events wait there', 'start an event manager');
  } catch (error) {
    const text = reasonOf(error);
    if (text.includes('ACCESS_REFUSED')) return ok(INTAKE_QUEUE, 'this user has no access, as intended for a service');
    return fault(INTAKE_QUEUE, text, 'start an event manager, which declares the queue; check the vhost in AMQP_URL');
  }
}
