import { BrokerManagement, MANAGER_PERMISSIONS, permissionsOfService, provisionUser } from '@dbem/transport';
import type { Servers } from '../tools/servers/servers';
import type { AppName } from './story/story-system';

const USERS: Readonly<Record<AppName, string>> = {
  'event-manager': 'event-manager',
  profile: 'user.profile',
  sharing: 'sharing',
  registry: 'registry',
};

/**
 * Creates a broker user for each app, as `npm run provision` does, and returns each app's AMQP URL. Undefined if the
 * broker was not started by us: a system that runs there may depend on its users.
 */
export async function provisionApps({ amqpUrl, managementUrl }: Servers): Promise<Record<AppName, string> | undefined> {
  if (process.env['AMQP_URL'] !== undefined || managementUrl === undefined) return undefined;
  const management = new BrokerManagement({ url: managementUrl });
  const urls = await Promise.all(
    (Object.entries(USERS) as [AppName, string][]).map(async ([app, user]) => {
      const rights = app === 'event-manager' ? MANAGER_PERMISSIONS : permissionsOfService(user);
      const { password = '' } = await provisionUser(management, user, rights, { rotate: true });
      const url = new URL(amqpUrl);
      url.username = user;
      url.password = password;
      return [app, url.toString()] as const;
    }),
  );
  return Object.fromEntries(urls) as Record<AppName, string>;
}
