import type { Checkpoint } from '@dbem/runtime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AppName, AppProcess } from '../../tools/apps/app-process';
import { promisesHold } from '../support/faults/expectations/history';
import { expectKilled } from '../support/faults/expectations/processes';
import { FaultSystem } from '../support/faults/system/fault-system';
import { work } from '../support/faults/workload/workload';
import { request } from '../support/http/http';
import { waitFor } from '../support/waiting/wait-for';

const USERS = 20;

describe('an app that is killed between two steps', () => {
  let system: FaultSystem;
  let rounds = 0;

  beforeAll(async () => {
    system = await FaultSystem.start();
  });

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    await promisesHold(system);
  });

  /** Writes until the process is killed: batching decides how many changes it takes to reach the checkpoint. */
  async function workUntilKilled(doomed: AppProcess): Promise<void> {
    do {
      rounds += 1;
      await work(system, `round-${rounds}`, USERS);
    } while (doomed.isRunning);
  }

  /**
   * `<checkpoint>:<n>`: the app is killed when it reaches the checkpoint for the nth time, in the middle of the work.
   */
  const CRASHES: [AppName, Checkpoint | `${Checkpoint}:${number}`, string][] = [
    ['profile', 'publisher.published', 'publishes no phantom from its outbox'],
    ['profile', 'publisher.committed', 'loses nothing'],
    ['profile', 'relay.claimed', 'loses nothing'],
    ['profile', 'relay.published', 'publishes twice, and the changes are applied once'],
    ['event-manager', 'intake.forwarded', 'forwards twice, and the changes are applied once'],
    ['sharing', 'applier.written', 'loses nothing and applies nothing partially'],
    ['sharing', 'applier.committed', 'applies redelivered events once'],
    ['profile', 'publisher.published:70', 'publishes no phantom from its outbox'],
    ['profile', 'publisher.committed:70', 'loses nothing'],
    ['profile', 'relay.claimed:7', 'loses nothing'],
    ['profile', 'relay.published:7', 'publishes twice, and the changes are applied once'],
    ['event-manager', 'intake.forwarded:70', 'forwards twice, and the changes are applied once'],
    ['sharing', 'applier.written:5', 'loses nothing and applies nothing partially'],
    ['sharing', 'applier.committed:5', 'applies redelivered events once'],
  ];

  it.each(CRASHES)('%s that is killed at %s %s', async (app, point) => {
    const doomed = await system.startWithCrashAt(app, point);
    // The backlog from its downtime would be a single batch; later changes are many batches.
    if (point.includes(':')) await doomed.waitUntilReady();
    const working = workUntilKilled(doomed);
    await expectKilled(doomed);
    await system.startApp(app);
    await working;
  });

  it('A publisher that is killed at publisher.committed under confirm-then-commit loses nothing', async () => {
    const protocol = { PUBLISH_PROTOCOL: 'confirm-then-commit' };
    const doomed = await system.startWithCrashAt('profile', 'publisher.committed:5', protocol);
    const working = workUntilKilled(doomed);
    await expectKilled(doomed);
    await system.startApp('profile', protocol);
    await working;
  });

  it('A publisher that is killed between acknowledgement and commit under confirm-then-commit leaves a phantom, a known limitation', async () => {
    const doomed = await system.startWithCrashAt('profile', 'publisher.published', {
      PUBLISH_PROTOCOL: 'confirm-then-commit',
    });
    await doomed.waitUntilReady();
    const phantom = { userId: 'phantom', gatewayId: 'gw', firstName: 'r1', lastName: 'phantom', emails: [] };
    // It is killed before it responds.
    await request('POST', `${doomed.url}/users`, { body: phantom }).catch(() => {});
    await expectKilled(doomed);
    const replica = await waitFor(
      async () => {
        const { rows } = await system
          .database('sharing')
          .query("SELECT FROM sharing_user WHERE user_id = 'phantom@gw'");
        return rows.length > 0 && rows;
      },
      { what: 'the phantom at sharing' },
    );
    expect(replica).toHaveLength(1);
    const { rows } = await system.database('profile').query("SELECT FROM profile_user WHERE user_id = 'phantom'");
    expect(rows).toHaveLength(0);

    // The next change of the same entity overwrites it.
    const next = await system.startApp('profile');
    await next.waitUntilReady();
    await request('POST', `${next.url}/users`, { body: phantom });
  });
});
