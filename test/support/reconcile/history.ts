import type { AppName } from '../../../tools/apps/app-process';
import { request } from '../http/http';
import { waitFor } from '../waiting/wait-for';

/** The names under which the example services publish. */
const PUBLISHER_OF: Readonly<Partial<Record<AppName, string>>> = {
  profile: 'user.profile',
  sharing: 'sharing',
  registry: 'registry',
};

interface Subscribed {
  readonly publisher: string;
  readonly subscriber: string;
  readonly entityTypes?: readonly string[];
}

interface Run {
  readonly publisher: string;
  readonly subscriber: string;
  readonly entityType: string;
  readonly state: string;
}

/**
 * Waits until each subscriber has its backfill from the running publishers, which the example services request when
 * they first subscribe. Until then a change may reach a replica twice or early, as an event and as part of the
 * backfill, and no other run of the same two services can be started.
 *
 * @param apps the running ones
 */
export async function waitUntilBackfilled(managerUrl: string, token: string, apps: readonly AppName[]) {
  const publishers = apps.map((app) => PUBLISHER_OF[app]);
  const list = async <Item>(path: string) =>
    (await request<{ items: Item[] }>('GET', `${managerUrl}/admin/v1/${path}?limit=100`, { token })).body.items;
  await waitFor(
    async () => {
      const [subscriptions, runs] = await Promise.all([list<Subscribed>('subscriptions'), list<Run>('reconcile')]);
      const done = new Set(runs.filter(({ state }) => state === 'done').map(keyOf));
      return subscriptions
        .filter(({ publisher }) => publishers.includes(publisher))
        .flatMap(({ entityTypes = [], ...pair }) => entityTypes.map((entityType) => keyOf({ ...pair, entityType })))
        .every((key) => done.has(key));
    },
    { what: `the backfills from ${apps.join(', ')} to be done` },
  );
}

function keyOf({ publisher, subscriber, entityType }: Omit<Run, 'state'>): string {
  return `${publisher} ${subscriber} ${entityType}`;
}
