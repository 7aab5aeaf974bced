import { readTlsFiles } from '@dbem/runtime';
import { connect, credentials } from 'amqplib';
import type { Surroundings } from '../root-command';
import { type Finding, fault, isAtLeast, note, ok, reasonOf, skipped } from './finding';

const TIMEOUT_MS = 5_000;
const LEAST_VERSION = [3, 10] as const;
const MANAGER_QUEUE = 'db.event.queue';

/** Looks at RabbitMQ as an app would. */
export async function checkBroker(url: string | undefined, env: Surroundings['env']): Promise<Finding[]> {
  if (url === undefined) return [skipped('broker', 'set AMQP_URL as an app has it')];
  let connection: Awaited<ReturnType<typeof connect>>;
  try {
    const { hostname: servername } = new URL(url);
    connection = await connect(url, { timeout: TIMEOUT_MS, servername, ...tlsAsTheAppHasIt(env) });
  } catch (error) {
    return [
      fault('broker', reasonOf(error), 'check AMQP_URL: host, port, user, password, vhost; check that RabbitMQ runs'),
    ];
  }
  try {
    const { version } = connection.connection.serverProperties as { version: string };
    const findings = [
      isAtLeast(version, LEAST_VERSION)
        ? ok('broker', `RabbitMQ ${version}`)
        : fault('broker', `RabbitMQ ${version}`, 'upgrade to 3.10 or later: quorum queues need it'),
    ];
    return [...findings, checkUser(url), await checkManagerQueue(connection)];
  } finally {
    await connection.close().catch(() => {
      // The broker has closed it already.
    });
  }
}

function tlsAsTheAppHasIt(env: Surroundings['env']) {
  const [ca, cert, key] = ['AMQP_CA_FILE', 'AMQP_CERT_FILE', 'AMQP_KEY_FILE'].map((name) => env[name] || undefined);
  return {
    ...readTlsFiles({ ca, cert, key }),
    ...(env['AMQP_AUTH'] === 'certificate' && { credentials: credentials.external() }),
  };
}

function checkUser(url: string): Finding {
  const { username, protocol } = new URL(url);
  const check = 'broker’s rights';
  const connection = `${decodeURIComponent(username) || 'guest'}, ${protocol === 'amqps:' ? 'by TLS' : 'without TLS'}`;
  return username === 'guest' || username === ''
    ? note(check, connection, 'npm run provision makes a user of its own for each service, with the least rights')
    : ok(check, connection);
}

async function checkManagerQueue(connection: Awaited<ReturnType<typeof connect>>): Promise<Finding> {
  const channel = await connection.createChannel();
  // A refusal closes the channel, and is told by the call as well.
  channel.on('error', () => {});
  try {
    const { consumerCount } = await channel.checkQueue(MANAGER_QUEUE);
    if (consumerCount > 0) return ok(MANAGER_QUEUE, `${consumerCount} consumers`);
    return fault(MANAGER_QUEUE, 'nobody consumes it: events wait there', 'start an event manager');
  } catch (error) {
    const text = reasonOf(error);
    if (text.includes('ACCESS_REFUSED'))
      return ok(MANAGER_QUEUE, 'this user may not look at it, as it should be for a service');
    return fault(MANAGER_QUEUE, text, 'start an event manager: it declares the queue; check the vhost in AMQP_URL');
  }
}
