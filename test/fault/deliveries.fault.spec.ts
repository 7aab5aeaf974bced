import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Copier } from '../soak/faults/copier';
import { Random } from '../soak/random';
import { request, waitFor } from '../support';
import { ADMIN_TOKEN } from '../support/faults/admin-token';
import { FaultSystem } from '../support/faults/fault-system';
import { historyFaults, recordHistory, replicaEqualsSource } from '../support/faults/history';
import { work } from '../support/faults/workload';

const USERS = 60;
const RUNS = 5;

interface Replication {
  readonly applied: number;
  readonly stale: number;
}

describe('deliveries out of line', () => {
  let system: FaultSystem;

  beforeAll(async () => {
    system = await FaultSystem.start();
    await system.restartApp('sharing', { SERVICE_TOKEN: ADMIN_TOKEN });
    await system.startAnother('sharing', { SERVICE_TOKEN: ADMIN_TOKEN });
    await system.waitUntilReady();
    await recordHistory(system.database('sharing'));
  }, 120_000);

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    await replicaEqualsSource(system);
    expect(await historyFaults(system.database('sharing'))).toEqual({ twice: [], backwards: [] });
  });

  const instances = () => [system.app('sharing'), ...system.extraApps];
  const replicationOf = async (url: string) =>
    (await request<Replication>('GET', `${url}/replication`, { token: ADMIN_TOKEN })).body;

  it('deliveries duplicated and reordered while changes flow, and afterwards → each is applied once, the newest stays', async () => {
    const copier = new Copier(system.amqpUrl, new Random(1));
    copier.start();
    await waitFor(() => copier.isCopying);
    const random = new Random(2);
    const working = work(system, 'copied', USERS);
    await waitFor(() => copier.kept > 30);
    await copier.publishCopies(random);
    await working;
    for (let run = 0; run < RUNS; run += 1) await copier.publishCopies(random);
    // Behind all copies; deletes among the copies must not have brought anything back either.
    await work(system, 'behind', 6);
    await replicaEqualsSource(system);
    await copier.stop();
    expect(copier.sent).toBeGreaterThan(0);
    const reports = await Promise.all(instances().map(({ url }) => replicationOf(url)));
    expect(reports.reduce((sum, { stale }) => sum + stale, 0)).toBeGreaterThan(0);
  });

  it('two instances that compete for one entity, changed as fast as can be → never a step backwards', async () => {
    const { url } = system.app('profile');
    const user = { userId: 'hot', gatewayId: 'gw', firstName: 'r0', lastName: 'hot', emails: [] };
    await request('POST', `${url}/users`, { body: user });
    const revisions = Array.from({ length: 400 }, (_, index) => index + 1).values();
    const change = async () => {
      for (const revision of revisions) {
        const body = { firstName: `r${revision}`, lastName: 'hot', emails: [] };
        await request('PUT', `${url}/users/gw/hot`, { body });
      }
    };
    const before = await Promise.all(instances().map((instance) => replicationOf(instance.url)));
    await Promise.all([change(), change(), change(), change()]);
    await replicaEqualsSource(system);
    // Both had a part in it.
    const after = await Promise.all(instances().map((instance) => replicationOf(instance.url)));
    after.forEach(({ applied, stale }, index) => {
      expect(applied + stale).toBeGreaterThan((before[index]?.applied ?? 0) + (before[index]?.stale ?? 0));
    });
  });
});
