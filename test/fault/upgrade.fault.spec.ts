import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppName } from '../../tools/apps/app-process';
import { promisesHold } from '../support/faults/expectations/history';
import { expectRefused } from '../support/faults/expectations/processes';
import { allReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import type { Instance } from '../support/faults/system/links';
import { request } from '../support/http/http';
import { waitFor } from '../support/waiting/wait-for';

const WRITERS = 4;
const ORDER: AppName[] = ['event-manager', 'sharing', 'profile'];

/**
 * docs/operations.md, "Upgrade without downtime": managers, then subscribers, then publishers, one instance at a time.
 */
describe('an upgrade in the order of the operations guide', () => {
  let system: FaultSystem;

  beforeAll(async () => {
    system = await FaultSystem.start();
    for (const app of ORDER) await system.startApp(`${app} 2`);
    await allReady(system);
  });

  afterAll(async () => {
    await system?.stop();
  });

  it('A rolling upgrade in the documented order fails no request and applies no change twice', async () => {
    const writing = new AbortController();
    /** Like a load balancer, requests only go to instances that are not being replaced. */
    let publisher: Instance = 'profile 2';
    let written = 0;
    const failures: unknown[] = [];
    const write = async (writer: number) => {
      for (let index = 0; !writing.signal.aborted; index += 1) {
        const body = { userId: `u${writer}-${index}`, gatewayId: 'gw', firstName: 'a', lastName: 'b', emails: [] };
        const { status } = await request('POST', `${system.app(publisher).url}/users`, { body });
        if (status === 201) written += 1;
        else failures.push(status);
      }
    };
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer));
    const more = async () => {
      const before = written;
      await waitFor(() => written > before + 20, { what: '20 more users' });
    };
    const stop = async (instance: Instance) => {
      const { port } = system.app(instance);
      await system.stopApp(instance);
      await expectRefused(port);
    };
    try {
      await more();
      for (const app of ORDER) {
        await stop(app);
        await (await system.startApp(app)).waitUntilReady();
        if (app === 'event-manager') await untilSameRevision();
        await more();
      }
      publisher = 'profile';
      for (const app of ORDER) {
        await more();
        await stop(`${app} 2`);
      }
      await more();
    } finally {
      writing.abort();
      await Promise.all(writers);
    }
    expect(failures).toEqual([]);
    await promisesHold(system);
  });

  /** Resolves when both members report the same revision, as `dbem members` lists it. */
  const untilSameRevision = () =>
    waitFor(
      async () => {
        const { body } = await system.admin<{ items: { appliedRevision: string }[] }>('GET', '/members');
        return body.items?.length === 2 && new Set(body.items.map(({ appliedRevision }) => appliedRevision)).size === 1;
      },
      { what: 'both managers to have the same map' },
    );
});
