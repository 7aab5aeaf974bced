import { request } from '..';
import type { FaultSystem } from './fault-system';

/** Between tries of a request that a fault has kept from its answer, ms. */
const RETRY_PAUSE_MS = 50;
const GIVE_UP_AFTER_MS = 60_000;

/**
 * Creates users at profile, changes each twice, deletes every third and creates every sixth anew, a few at a time. A request
 * that a fault hits is tried again until it succeeds; its first try may have been carried out, so 404 and 409 are fine.
 */
export async function work(system: FaultSystem, prefix: string, users: number): Promise<void> {
  const queue = Array.from({ length: users }, (_, index) => index).values();
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (const index of queue) await live(system, `${prefix}-${index}`, index);
    }),
  );
}

async function live(system: FaultSystem, userId: string, index: number): Promise<void> {
  const details = (revision: number) => ({ firstName: `r${revision}`, lastName: userId, emails: [] });
  const create = { userId, gatewayId: 'gw' };
  await insist(system, 'POST', '/users', { ...create, ...details(1) });
  await insist(system, 'PUT', `/users/gw/${userId}`, details(2));
  await insist(system, 'PUT', `/users/gw/${userId}`, details(3));
  if (index % 3 === 0) await insist(system, 'DELETE', `/users/gw/${userId}`);
  if (index % 6 === 0) await insist(system, 'POST', '/users', { ...create, ...details(4) });
}

async function insist(system: FaultSystem, method: string, path: string, body?: unknown): Promise<void> {
  const deadline = Date.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    const { url } = system.app('profile');
    const status = await request(method, `${url}${path}`, body === undefined ? {} : { body }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status >= 200 && status < 500) return;
    if (Date.now() > deadline) throw new Error(`${method} ${path} answers ${status} for ${GIVE_UP_AFTER_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
  }
}
