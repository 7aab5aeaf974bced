import type { Pool } from 'pg';
import type { AppInstance } from '../../apps/app-instance';
import { request } from '../../http/http';
import { waitFor } from '../../waiting/wait-for';

/** Number of users that have reached sharing when changes are in flight at every step from profile to sharing. */
const MIN_ARRIVED = 5;

const GIVE_UP_AFTER_MS = 240_000;

/** The service where users are written, and the database that replicates them. */
export interface Target {
  app(instance: 'profile'): AppInstance;
  database(service: 'sharing'): Pool;
}

/**
 * Creates users at profile, changes each twice, deletes every third and creates every sixth again, six users
 * concurrently. A request that fails is repeated until it succeeds; 404 and 409 count as success, because an earlier
 * try may have succeeded.
 */
export async function work(system: Target, prefix: string, users: number): Promise<void> {
  const queue = Array.from({ length: users }, (_, index) => index).values();
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (const index of queue) await live(system, `${prefix}-${index}`, index);
    }),
  );
}

/** Writes before and during a fault. */
export class Workload {
  private readonly parts: Promise<void>[] = [];

  private constructor(
    private readonly system: Target,
    private readonly prefix: string,
    private readonly users: number,
  ) {}

  /** Resolves when some users have reached sharing; the others are in flight. */
  static async start(system: Target, prefix: string, users = 20): Promise<Workload> {
    const workload = new Workload(system, prefix, users);
    workload.more();
    const arrived = () =>
      system.database('sharing').query('SELECT FROM sharing_user WHERE user_id LIKE $1', [`${prefix}-%`]);
    await waitFor(async () => ((await arrived()).rowCount ?? 0) >= MIN_ARRIVED, {
      timeoutMs: GIVE_UP_AFTER_MS,
      what: `${MIN_ARRIVED} users ${prefix} to arrive at sharing`,
    });
    return workload;
  }

  /** Starts the same work again with new users. */
  more(): void {
    const part = work(this.system, `${this.prefix}-${this.parts.length}`, this.users);
    // If the test fails before it awaits `done`, it reports its own error.
    part.catch(() => {});
    this.parts.push(part);
  }

  /** Resolves when all requests have succeeded. */
  async done(): Promise<void> {
    await Promise.all(this.parts);
  }
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
