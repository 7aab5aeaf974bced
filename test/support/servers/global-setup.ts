import type { TestProject } from 'vitest/node';
import { findDevServers } from '../../../tools/servers/dev-servers';
import { startServers } from '../../../tools/servers/servers';
import { createTemplateDatabases, dropTemplateDatabases, type TemplateDatabases } from './template-databases';

declare module 'vitest' {
  export interface ProvidedContext {
    amqpUrl: string;
    managementUrl: string;
    zooKeeperConnect: string;
    postgresUrl: string;
    templateDatabases: TemplateDatabases;
  }
}

let started: ReturnType<typeof start> | undefined;
let users = 0;

/**
 * Provides one set of servers to all projects of a run: those of `npm run dev:servers`, or servers that stop with the
 * run.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  users += 1;
  started ??= start();
  const { servers, templateDatabases, stop } = await started;
  project.provide('amqpUrl', servers.amqpUrl);
  project.provide('managementUrl', servers.managementUrl);
  project.provide('zooKeeperConnect', servers.zooKeeperConnect);
  project.provide('postgresUrl', servers.postgresUrl);
  project.provide('templateDatabases', templateDatabases);
  return async () => {
    users -= 1;
    if (users === 0) await stop();
  };
}

async function start() {
  const servers = (await findDevServers()) ?? (await startOwn());
  const templateDatabases = await createTemplateDatabases(servers.postgresUrl);
  return {
    servers,
    templateDatabases,
    stop: async () => {
      await dropTemplateDatabases(servers.postgresUrl, templateDatabases);
      await servers.stop();
    },
  };
}

async function startOwn() {
  const servers = await startServers({
    purpose: 'test',
    print: (line) => process.stderr.write(`${line}\n`),
    isDisposable: true,
  });
  const { amqpUrl, managementUrl, zooKeeperConnect, postgres, stop } = servers;
  const postgresUrl = postgres?.urlOf('postgres') ?? process.env['PROFILE_DATABASE_URL'];
  if (managementUrl === undefined) throw new Error('AMQP_MANAGEMENT_URL is missing: with AMQP_URL the tests need both');
  if (postgresUrl === undefined) throw new Error('PROFILE_DATABASE_URL is missing: the tests need a PostgreSQL server');
  return { amqpUrl, managementUrl, zooKeeperConnect, postgresUrl, stop: () => stop() };
}
