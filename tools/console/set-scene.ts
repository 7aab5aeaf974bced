import { LegacyService } from '../legacy/legacy-service';
import type { Stage } from './stage';
import { waitUntil } from './wait-until';

export interface Scene {
  readonly entity: Record<string, string>;
  /** In the format of the parked page's URL: `service/id`. */
  readonly parkedEvent: string;
  readonly run: string;
}

const TENANT = 'seagrid';
const USER = 'ada-lovelace';
const DRIFTED = 3;

interface Run {
  readonly id: string;
  readonly state: string;
}

/**
 * Creates what the screenshots show: a user in every replica, a parked unreadable message, an audit that finds planted
 * drift and one that finds none, a schedule, a paused subscription, and a subscription without consumers.
 */
export async function setScene(stage: Stage): Promise<Scene> {
  const profile = stage.app('profile').url;
  const post = async (path: string, body: object) => {
    const response = await fetch(`${profile}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok && response.status !== 409) throw new Error(`${path} answered ${response.status}`);
  };
  await post('/tenants', { gatewayId: TENANT, gatewayName: 'SEAGrid' });
  for (let index = 0; index < 40; index += 1) {
    const userId = index === 0 ? USER : `user-${index}`;
    await post('/users', {
      userId,
      gatewayId: TENANT,
      firstName: 'Ada',
      lastName: 'Lovelace',
      emails: ['ada@example.org'],
    });
  }
  const entity = { publisher: 'user.profile', type: 'USER_PROFILE', id: `${USER}@${TENANT}` };
  const path = `/entities/${entity.publisher}/${entity.type}/${encodeURIComponent(entity.id)}`;
  await waitUntil(async () => {
    const { services } = await stage.admin<{ services: { state: string }[] }>('GET', path);
    return services.length >= 2 && services.every(({ state }) => state === 'current');
  });
  // A service that has never run, so its queue has no consumer.
  await stage.admin('PUT', '/subscriptions/user.profile/billing', { entityTypes: ['TENANT', 'USER_PROFILE'] });
  await new LegacyService(stage.amqpUrl).publish(Buffer.from('this is not Thrift'));
  await plantDrift(stage);
  const drift = await runOf(stage, { publisher: 'user.profile', subscriber: 'sharing', entityType: 'USER_PROFILE' });
  await runOf(stage, { publisher: 'user.profile', subscriber: 'registry', entityType: 'TENANT' });
  await stage.admin('PUT', '/reconcile-schedules/user.profile/registry/USER_PROFILE', {
    kind: 'audit',
    intervalSeconds: 86_400,
  });
  await stage.admin('POST', '/subscriptions/user.profile/registry/pause');
  const parked = await waitUntil(async () => {
    const { items } = await stage.admin<{ items: { id: string; service: string }[] }>('GET', '/parked');
    return items[0];
  });
  return { entity, parkedEvent: `${parked.service}/${parked.id}`, run: drift };
}

/** Changes rows of sharing's replica directly in its database. */
async function plantDrift(stage: Stage): Promise<void> {
  const pool = stage.pool('sharing');
  try {
    await pool.query('DELETE FROM sharing_user WHERE user_id = $1', [`user-${DRIFTED}@${TENANT}`]);
    await pool.query("UPDATE sharing_user SET first_name = 'Nobody' WHERE user_id = ANY($1)", [
      [`user-${DRIFTED + 1}@${TENANT}`, `user-${DRIFTED + 2}@${TENANT}`],
    ]);
  } finally {
    await pool.end();
  }
}

async function runOf(stage: Stage, target: object): Promise<string> {
  const { id } = await stage.admin<Run>('POST', '/reconcile', { ...target, kind: 'audit', verifyAfterMs: 500 });
  await waitUntil(async () => (await stage.admin<Run>('GET', `/reconcile/${id}`)).state === 'done');
  return id;
}
