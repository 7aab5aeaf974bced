import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Copier } from '../soak/faults/copier';
import { Random } from '../soak/random';
import { ADMIN_TOKEN } from '../support/faults/admin-token';
import { promisesHold, replicaEqualsSource } from '../support/faults/expectations/history';
import { allReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import { work } from '../support/faults/workload/workload';
import { request } from '../support/http/http';
import { waitFor } from '../support/waiting/wait-for';

const USERS = 60;
const RUNS = 5;

const INSTANCES = ['sharing', 'sharing 2'] as const;

interface Replication {
  readonly applied: number;
  readonly stale: number;
}

describe('deliveries that come twice and out of order', () => {
  let system: FaultSystem;

  beforeAll(async () => {
    system = await FaultSystem.start({ environment: { sharing: { SERVICE_TOKEN: ADMIN_TOKEN } } });
    await system.startApp('sharing 2');
    await allReady(system);
  });

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    await promisesHold(system);
  });

  /** What each instance of sharing has done. */
  const replications = () =>
    Promise.all(
      INSTANCES.map(async (instance) => {
        const url = `${system.app(instance).url}/replication`;
        return (await request<Replication>('GET', url, { token: ADMIN_TOKEN })).body;
      }),
    );
  const staleOnes = async () => (await replications()).reduce((sum, { stale }) => sum + stale, 0);

  it('A change that is delivered several times and out of order is applied once, and the newest stays', async () => {
    const copier = new Copier(system.amqpUrl, new Random(1));
    copier.start();
    await waitFor(() => copier.isCopying, { what: 'the copier to see what publishers send' });
    const random = new Random(2);
    const working = work(system, 'copied', USERS);
    await waitFor(() => copier.kept > 30, { what: 'copies of 30 events' });
    await copier.fanOut(random);
    await working;
    for (let run = 0; run < RUNS; run += 1) await copier.fanOut(random);
    expect(copier.sent).toBeGreaterThan(0);
    await waitFor(async () => (await staleOnes()) > 0, { what: 'copies to arrive and be stale' });
    // Behind all copies; deletes among the copies must not have brought anything back either.
    await work(system, 'behind', 6);
    await replicaEqualsSource(system);
    await copier.stop();
  });

  it('An entity for whose changes two instances compete never takes a step backwards', async () => {
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
    const before = await replications();
    await Promise.all([change(), change(), change(), change()]);
    await replicaEqualsSource(system);
    // Both had a part in it.
    const after = await replications();
    after.forEach(({ applied, stale }, index) => {
      expect(applied + stale).toBeGreaterThan((before[index]?.applied ?? 0) + (before[index]?.stale ?? 0));
    });
  });
});
