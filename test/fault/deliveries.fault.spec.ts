import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Duplicator } from '../soak/faults/duplicator';
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

describe('deliveries that are duplicated and out of order', () => {
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

  /** The counts of each instance of sharing. */
  const replications = () =>
    Promise.all(
      INSTANCES.map(async (instance) => {
        const url = `${system.app(instance).url}/replication`;
        return (await request<Replication>('GET', url, { token: ADMIN_TOKEN })).body;
      }),
    );
  const staleCount = async () => (await replications()).reduce((sum, { stale }) => sum + stale, 0);

  it('A change that is delivered several times and out of order is applied once, and the newest version stays', async () => {
    const duplicator = new Duplicator(system.amqpUrl, new Random(1));
    duplicator.start();
    await waitFor(() => duplicator.isRecording, { what: 'the duplicator to receive the publishers’ events' });
    const random = new Random(2);
    const working = work(system, 'duplicated', USERS);
    await waitFor(() => duplicator.kept > 30, { what: '30 recorded events' });
    await duplicator.resend(random);
    await working;
    for (let run = 0; run < RUNS; run += 1) await duplicator.resend(random);
    expect(duplicator.sent).toBeGreaterThan(0);
    await waitFor(async () => (await staleCount()) > 0, { what: 'duplicates to arrive and be stale' });
    // Behind all duplicates; duplicated deletes and updates must not have changed anything.
    await work(system, 'behind', 6);
    await replicaEqualsSource(system);
    await duplicator.stop();
  });

  it('An entity whose changes are applied by two competing instances never goes back to an older version', async () => {
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
    // Both instances took part.
    const after = await replications();
    after.forEach(({ applied, stale }, index) => {
      expect(applied + stale).toBeGreaterThan((before[index]?.applied ?? 0) + (before[index]?.stale ?? 0));
    });
  });
});
