import { randomUUID } from 'node:crypto';
import {
  BrokerManagement,
  type BrokerPermissions,
  MANAGER_PERMISSIONS,
  type ProvisionUserOptions,
  permissionsOfService,
  provisionUser,
} from '@dbem/transport';
import { inject } from 'vitest';
import { InProcessApp } from '../apps/in-process-app';
import { BrokerUser } from '../broker/broker-user';
import { type Answer, request } from '../http/http';
import { freshVhost } from '../servers/fresh-vhost';
import { freshZooKeeperRoot } from '../servers/fresh-zookeeper-root';

const TOKEN = 'a-token-of-this-test-alone';

export interface EnforcedSystem {
  readonly manager: InProcessApp;
  /** Names of the services: unique, because broker users are shared by all vhosts. */
  readonly names: Readonly<Record<'alpha' | 'beta' | 'legacy', string>>;
  readonly alpha: BrokerUser;
  readonly beta: BrokerUser;
  readonly legacy: BrokerUser;
  /** Has all rights. */
  readonly administrator: BrokerUser;
  admin(method: string, path: string, body?: unknown): Promise<Answer<Record<string, unknown>>>;
  /** Creates a broker user, which `stop` deletes; resolves with its URL. */
  provision(name: string, rights: BrokerPermissions, options?: ProvisionUserOptions): Promise<string>;
  urlOf(name: string, password: string): string;
  stop(): Promise<void>;
}

/**
 * An event manager that enforces identities, and three services with a broker user each: alpha and beta, which
 * subscribe to each other, and a legacy service, to which beta subscribes.
 */
export async function startEnforcedSystem(): Promise<EnforcedSystem> {
  const [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
  const management = new BrokerManagement({ url: inject('managementUrl'), vhost: vhost.vhost });
  const provisioned: string[] = [];
  const suffix = randomUUID().slice(0, 8);
  const names = { alpha: `alpha-${suffix}`, beta: `beta-${suffix}`, legacy: `legacy-${suffix}` };

  function urlOf(name: string, password: string): string {
    const url = new URL(vhost.amqpUrl);
    url.username = name;
    url.password = password;
    return url.toString();
  }

  async function provision(name: string, rights: BrokerPermissions, options?: ProvisionUserOptions): Promise<string> {
    const { password } = await provisionUser(management, name, rights, options);
    if (password === undefined) throw new Error(`The broker user "${name}" already exists`);
    provisioned.push(name);
    return urlOf(name, password);
  }

  const connect = async (name: string) => BrokerUser.connect(await provision(name, permissionsOfService(name)));
  const connectLegacy = async (name: string) =>
    BrokerUser.connect(await provision(name, permissionsOfService(name, { declaresItself: true })), true);

  const manager = await InProcessApp.start('event-manager', {
    AMQP_URL: await provision(`manager-${suffix}`, MANAGER_PERMISSIONS),
    AMQP_MANAGEMENT_URL: inject('managementUrl'),
    ZOOKEEPER_CONNECT: root.connectString,
    ADMIN_TOKEN: TOKEN,
    ADMIN_RATE_LIMIT: '100000',
    IDENTITY: 'enforced',
    IDENTITY_LEGACY_SERVICES: names.legacy,
    LOG_LEVEL: 'debug',
  });
  const admin = (method: string, path: string, body?: unknown) =>
    request(method, `${manager.url}/admin/v1${path}`, { token: TOKEN, ...(body !== undefined && { body }) });

  await manager.waitUntilReady();
  const [alpha, beta, legacy, administrator] = await Promise.all([
    connect(names.alpha),
    connect(names.beta),
    connectLegacy(names.legacy),
    BrokerUser.connect(vhost.amqpUrl),
  ]);
  for (const [publisher, subscriber] of [
    [names.alpha, names.beta],
    [names.beta, names.alpha],
    [names.legacy, names.beta],
  ]) {
    const { status } = await admin('PUT', `/subscriptions/${publisher}/${subscriber}`, {});
    if (status !== 201) throw new Error(`Subscribing ${subscriber} to ${publisher} failed with status ${status}`);
  }

  return {
    manager,
    names,
    alpha,
    beta,
    legacy,
    administrator,
    admin,
    provision,
    urlOf,
    stop: async () => {
      for (const user of [alpha, beta, legacy, administrator]) await user.close();
      await manager.stop();
      for (const name of provisioned) await management.deleteUser(name);
      await Promise.all([vhost.drop(), root.drop()]);
    },
  };
}
