import { randomBytes } from 'node:crypto';
import type { BrokerManagement } from './broker-management';
import type { BrokerRights } from './service-rights';

export interface ProvisionedUser {
  readonly name: string;
  /** Only if it was drawn just now: of a user that was there before we know none. */
  readonly password?: string;
}

export interface ProvisionUserOptions {
  /** Give a user that exists a new password. Default: false. */
  readonly rotate?: boolean;
}

/** One service's instances, with room to spare; a leak of connections ends here and not at the broker's last file handle. */
const LIMITS = { connections: 200, channels: 2_000 };

/**
 * Makes sure that the broker user is there and has these rights and no others. May be run again at any time, and after being
 * interrupted: a user whose rights are not set yet has none.
 */
export async function provisionUser(
  management: BrokerManagement,
  name: string,
  rights: BrokerRights,
  { rotate = false }: ProvisionUserOptions = {},
): Promise<ProvisionedUser> {
  const isNew = !(await management.hasUser(name));
  const password = isNew || rotate ? randomBytes(32).toString('base64url') : undefined;
  if (password !== undefined) await management.putUser(name, password);
  await management.putRights(name, rights);
  await management.putLimits(name, LIMITS);
  return { name, ...(password !== undefined && { password }) };
}
