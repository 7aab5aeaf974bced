import { offerDevServers } from './servers/dev-servers';
import { startServers } from './servers/servers';

// `npm run dev:servers`: RabbitMQ, ZooKeeper and PostgreSQL that stay up, so that test runs need not start their own.
const { amqpUrl, managementUrl, zooKeeperConnect, postgres, stop } = await startServers({
  purpose: 'dev-servers',
  say: console.log,
  isDisposable: true,
});
const postgresUrl = postgres?.urlOf('postgres') ?? process.env.PROFILE_DATABASE_URL;
if (managementUrl === undefined || postgresUrl === undefined) {
  throw new Error('AMQP_URL needs AMQP_MANAGEMENT_URL beside it, and databases of your own need PROFILE_DATABASE_URL.');
}
const servers = { amqpUrl, managementUrl, zooKeeperConnect, postgresUrl };
const offer = offerDevServers(servers);
for (const [name, url] of Object.entries(servers)) console.log(`${name.padEnd(17)} ${url}`);
console.log('`npm test -- FILE` uses these servers until Ctrl-C ends them.');

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, async () => {
    if (isStopping) return;
    isStopping = true;
    offer.withdraw();
    await stop();
    process.exit(0);
  });
}
