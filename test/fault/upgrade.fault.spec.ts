import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppProcess } from '../../tools/apps/app-process';
import { request, waitFor } from '../support';
import { FaultSystem } from '../support/faults/fault-system';
import { historyFaults, recordHistory, replicaEqualsSource } from '../support/faults/history';

const WRITERS = 4;

/** docs/operations.md, "Upgrade without downtime": managers, subscribers, publishers, one instance after the other. */
describe('an upgrade in the order of the operations guide, while people work', () => {
  let system: FaultSystem;

  beforeAll(async () => {
    system = await FaultSystem.start();
    for (const app of ['event-manager', 'sharing', 'profile'] as const) await system.startAnother(app);
    await system.waitUntilReady();
    await recordHistory(system.database('sharing'));
  }, 180_000);

  afterAll(async () => {
    await system?.stop();
  });

  it('every instance replaced in good order → no request fails, each change is applied once, and the replica equals its source', async () => {
    const [otherManager, otherSharing, otherProfile] = system.extraApps as [AppProcess, AppProcess, AppProcess];
    const writing = new AbortController();
    /** As a load balancer does: asks only instances that are not being replaced. */
    let publisher = otherProfile.url;
    let written = 0;
    const failures: unknown[] = [];
    const write = async (writer: number) => {
      for (let index = 0; !writing.signal.aborted; index += 1) {
        const body = { userId: `u${writer}-${index}`, gatewayId: 'gw', firstName: 'a', lastName: 'b', emails: [] };
        const { status } = await request('POST', `${publisher}/users`, { body });
        if (status === 201) written += 1;
        else failures.push(status);
      }
    };
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer));
    const more = async () => {
      const before = written;
      await waitFor(() => written > before + 20);
    };
    await more();
    for (const app of ['event-manager', 'sharing', 'profile'] as const) {
      await system.app(app).stop();
      await (await system.startApp(app)).waitUntilReady();
      if (app === 'event-manager') await sameRevision();
      await more();
    }
    publisher = system.app('profile').url;
    for (const other of [otherManager, otherSharing, otherProfile]) {
      await more();
      await other.stop();
    }
    await more();
    writing.abort();
    await Promise.all(writers);
    expect(failures).toEqual([]);
    await replicaEqualsSource(system);
    expect(await historyFaults(system.database('sharing'))).toEqual({ twice: [], backwards: [] });
  });

  /** What `dbem members` shows. */
  const sameRevision = () =>
    waitFor(async () => {
      const { body } = await system.admin<{ items: { appliedRevision: string }[] }>('GET', '/members');
      return body.items?.length === 2 && new Set(body.items.map(({ appliedRevision }) => appliedRevision)).size === 1;
    });
});
