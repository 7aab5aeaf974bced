import type { TestProject } from 'vitest/node';
import { type Servers, startServers } from '../../../tools/servers/servers';

declare module 'vitest' {
  export interface ProvidedContext {
    amqpUrl: string;
    managementUrl: string;
    zooKeeperConnect: string;
    postgresUrl: string;
  }
}

let servers: Promise<Servers> | undefined;
let users = 0;

/** Starts one set of servers for all projects of a run that ask for it. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  users += 1;
  servers ??= startServers({ purpose: 'test', say: (line) => process.stderr.write(`${line}\n`) });
  const { amqpUrl, managementUrl, zooKeeperConnect, postgres, stop } = await servers;
  if (managementUrl === undefined) throw new Error('With AMQP_URL the tests need AMQP_MANAGEMENT_URL as well.');
  project.provide('amqpUrl', amqpUrl);
  project.provide('managementUrl', managementUrl);
  project.provide('zooKeeperConnect', zooKeeperConnect);
  project.provide('postgresUrl', postgres?.urlOf('postgres') ?? process.env['PROFILE_DATABASE_URL'] ?? '');
  return async () => {
    users -= 1;
    if (users === 0) await stop();
  };
}
