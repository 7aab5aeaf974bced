import { offerDevServers } from './servers/dev-servers';
import { startServers } from './servers/servers';

// `npm run dev:servers`: keeps RabbitMQ, ZooKeeper and PostgreSQL running, so that test runs need not start their own.
const { amqpUrl, managementUrl, zooKeeperConnect, postgres, stop } = await startServers({
  purpose: 'dev-servers',
  print: console.log,
  isDisposable: true,
});
const postgresUrl = postgres?.urlOf('postgres') ?? process.env.PROFILE_DATABASE_URL;
if (managementUrl === undefined || postgresUrl === undefined) {
  throw new Error('With AMQP_URL set AMQP_MANAGEMENT_URL, too; with your own databases set PROFILE_DATABASE_URL.');
}
const servers = { amqpUrl, managementUrl, zooKeeperConnect, postgresUrl };
const offer = offerDevServers(servers);
for (const [name, url] of Object.entries(servers)) console.log(`${name.padEnd(17)} ${url}`);
console.log('`npm test -- FILE` uses these servers. Ctrl-C stops them.');

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
