import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serviceNameFault } from '@dbem/db-event';
import {
  BrokerManagement,
  type BrokerPermissions,
  MANAGER_PERMISSIONS,
  permissionsOfService,
  provisionUser,
} from '@dbem/transport';
import { variable } from './cli/doctor/environment';

const USAGE = `Creates one RabbitMQ user per service and one for the event managers, with minimal permissions. Can be repeated at
any time: permissions are set again, passwords stay.

  npm run provision -- --services user.profile,sharing,registry [options]

  --services NAMES     comma-separated services
  --legacy NAMES       legacy services, written for the Java original: they declare the event exchange and their queue
  --manager NAME       user of the event managers. Default: event-manager
  --management URL     RabbitMQ's management API, with an administrator's credentials. Default: AMQP_MANAGEMENT_URL
  --amqp URL           host, port and vhost for the printed URLs. Default: AMQP_URL without its user, else 127.0.0.1:5672
  --out FOLDER         write each new user's AMQP URL to FOLDER/NAME.amqp-url (for AMQP_URL_FILE) instead of printing it, or to
                       FOLDER/NAME/amqp-url if FOLDER/NAME exists; a user without such a file gets a new password
  --rotate             also set new passwords for existing users
  --remove NAMES       only delete these users`;

main().catch((error: unknown) => {
  console.error(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      services: { type: 'string', default: '' },
      legacy: { type: 'string', default: '' },
      manager: { type: 'string', default: 'event-manager' },
      management: { type: 'string' },
      amqp: { type: 'string' },
      out: { type: 'string' },
      rotate: { type: 'boolean', default: false },
      remove: { type: 'string', default: '' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const url = values.management ?? variable(process.env, 'AMQP_MANAGEMENT_URL');
  if (url === undefined) throw new Error('No management API is given: set --management or AMQP_MANAGEMENT_URL.');
  const amqpUrl = new URL(values.amqp ?? variable(process.env, 'AMQP_URL') ?? 'amqp://127.0.0.1:5672');
  const path = amqpUrl.pathname.slice(1);
  const management = new BrokerManagement({ url, vhost: path === '' ? '/' : decodeURIComponent(path) });

  for (const name of listed(values.remove)) {
    await management.deleteUser(name);
    console.log(`${name}: removed`);
  }
  if (listed(values.remove).length > 0) return;

  const services = listed(values.services).map((name) => [name, permissionsOfService(name)] as const);
  const legacy = listed(values.legacy).map(
    (name) => [name, permissionsOfService(name, { declaresItself: true })] as const,
  );
  if (services.length + legacy.length === 0) throw new Error('No service is given: set --services or --legacy.');
  for (const [name] of [...services, ...legacy]) {
    const fault = serviceNameFault(name);
    if (fault !== undefined) throw new Error(`"${name}" is not a valid service name: ${fault}`);
  }
  const users: (readonly [string, BrokerPermissions])[] = [
    [values.manager, MANAGER_PERMISSIONS],
    ...services,
    ...legacy,
  ];
  for (const [name, rights] of users) {
    const isLost = values.out !== undefined && !existsSync(fileOf(values.out, name));
    const { password } = await provisionUser(management, name, rights, { rotate: values.rotate || isLost });
    if (password === undefined) console.log(`${name}: existed; permissions set, password unchanged`);
    else handOut(name, urlOf(amqpUrl, name, password), values.out);
  }
  if (await management.hasUser('guest')) {
    console.log(
      '\nThe user "guest" still exists. When every app has its own user, run: npm run provision -- --remove guest',
    );
  }
}

function handOut(name: string, url: string, folder: string | undefined): void {
  if (folder === undefined) {
    console.log(`${name}: AMQP_URL=${url}`);
    return;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = fileOf(folder, name);
  writeFileSync(file, `${url}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  console.log(`${name}: AMQP_URL_FILE=${file}`);
}

function fileOf(folder: string, name: string): string {
  return existsSync(join(folder, name)) ? join(folder, name, 'amqp-url') : join(folder, `${name}.amqp-url`);
}

function urlOf(amqpUrl: URL, name: string, password: string): string {
  const url = new URL(amqpUrl);
  url.username = encodeURIComponent(name);
  url.password = encodeURIComponent(password);
  return url.toString();
}

function listed(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
