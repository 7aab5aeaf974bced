import type { Pool } from 'pg';
import { request, waitFor } from '..';
import type { AppInstance } from '../apps/app-instance';

/** Arrivals at sharing after which changes are under way at every step between the two. */
const FLOW = 5;

const GIVE_UP_AFTER_MS = 120_000;

/** Where users are written, and where they arrive. */
export interface Target {
  app(instance: 'profile'): AppInstance;
  database(service: 'sharing'): Pool;
}

/**
 * Creates users at profile, changes each twice, deletes every third and creates every sixth again, a few at a time. A request
 * that a fault hits is made again until it succeeds; its first try may have been carried out, so 404 and 409 are fine.
 */
export async function work(system: Target, prefix: string, users: number): Promise<void> {
  const queue = Array.from({ length: users }, (_, index) => index).values();
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (const index of queue) await live(system, `${prefix}-${index}`, index);
    }),
  );
}

/** Waits until users of this prefix arrive at sharing. */
export async function flowing(system: Target, prefix: string): Promise<void> {
  const arrived = async () =>
    (await system.database('sharing').query('SELECT FROM sharing_user WHERE user_id LIKE $1', [`${prefix}-%`]))
      .rowCount;
  await waitFor(async () => ((await arrived()) ?? 0) >= FLOW, { what: `${FLOW} users ${prefix} to arrive at sharing` });
}

async function live(system: Target, userId: string, index: number): Promise<void> {
  const details = (revision: number) => ({ firstName: `r${revision}`, lastName: userId, emails: [] });
  const create = { userId, gatewayId: 'gw' };
  await insist(system, 'POST', '/users', { ...create, ...details(1) });
  await insist(system, 'PUT', `/users/gw/${userId}`, details(2));
  await insist(system, 'PUT', `/users/gw/${userId}`, details(3));
  if (index % 3 === 0) await insist(system, 'DELETE', `/users/gw/${userId}`);
  if (index % 6 === 0) await insist(system, 'POST', '/users', { ...create, ...details(4) });
}

async function insist(system: Target, method: string, path: string, body?: unknown): Promise<void> {
  const isDone = async () => {
    const status = await request(
      method,
      `${system.app('profile').url}${path}`,
      body === undefined ? {} : { body },
    ).then(
      (answer) => answer.status,
      () => 0,
    );
    return status >= 200 && status < 500;
  };
  await waitFor(isDone, { timeoutMs: GIVE_UP_AFTER_MS, what: `${method} ${path} to succeed` });
}
