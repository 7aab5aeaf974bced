import type { Checkpoint } from '@dbem/platform';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AppName } from '../../tools/apps/app-process';
import { request, waitFor } from '../support';
import { FaultSystem } from '../support/faults/fault-system';
import { historyFaults, recordHistory, replicaEqualsSource } from '../support/faults/history';
import { work } from '../support/faults/workload';

const USERS = 60;

describe('SIGKILL between two steps', () => {
  let system: FaultSystem;
  let cases = 0;

  beforeAll(async () => {
    system = await FaultSystem.start();
    await recordHistory(system.database('sharing'));
  }, 120_000);

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    expect(await historyFaults(system.database('sharing'))).toEqual({ twice: [], backwards: [] });
  });

  /** A number behind a checkpoint: at so many passages of it, in the middle of the work. */
  const CRASHES: [AppName, Checkpoint | `${Checkpoint}:${number}`, string][] = [
    ['profile', 'publisher.published', 'the outbox publishes no phantom'],
    ['profile', 'publisher.committed', 'nothing is lost'],
    ['profile', 'relay.claimed', 'nothing is lost'],
    ['profile', 'relay.published', 'what is sent twice is applied once'],
    ['event-manager', 'intake.forwarded', 'what is forwarded twice is applied once'],
    ['sharing', 'applier.written', 'nothing is lost, nothing half applied'],
    ['sharing', 'applier.committed', 'what is delivered twice is applied once'],
    ['profile', 'publisher.published:70', 'the outbox publishes no phantom'],
    ['profile', 'publisher.committed:70', 'nothing is lost'],
    ['profile', 'relay.claimed:7', 'nothing is lost'],
    ['profile', 'relay.published:7', 'what is sent twice is applied once'],
    ['event-manager', 'intake.forwarded:70', 'what is forwarded twice is applied once'],
    ['sharing', 'applier.written:5', 'nothing is lost, nothing half applied'],
    ['sharing', 'applier.committed:5', 'what is delivered twice is applied once'],
  ];

  it.each(CRASHES)('%s killed at %s → %s', async (app, point) => {
    cases += 1;
    const doomed = await system.restartApp(app, { CRASH_AT: point });
    // What has gathered while it was away would be one batch: it takes what follows in many.
    if (point.includes(':')) await doomed.waitUntilReady();
    const working = work(system, `crash-${cases}`, USERS);
    await waitFor(() => !doomed.isRunning, { timeoutMs: 30_000, what: `${app} to crash at ${point}` });
    await system.startApp(app);
    await working;
    await replicaEqualsSource(system);
  });

  it('profile killed at publisher.committed under confirm-then-commit → nothing is lost', async () => {
    const doomed = await system.restartApp('profile', {
      PUBLISH_PROTOCOL: 'confirm-then-commit',
      CRASH_AT: 'publisher.committed:5',
    });
    const working = work(system, 'confirmed', USERS);
    await waitFor(() => !doomed.isRunning, { timeoutMs: 60_000, what: 'profile to crash' });
    await system.startApp('profile', { PUBLISH_PROTOCOL: 'confirm-then-commit' });
    await working;
    await replicaEqualsSource(system);
    await system.restartApp('profile');
  });

  it('profile killed after the acknowledgement, before its commit, under confirm-then-commit → a phantom: its known hole', async () => {
    const environment = { PUBLISH_PROTOCOL: 'confirm-then-commit', CRASH_AT: 'publisher.published' };
    const doomed = await system.restartApp('profile', environment);
    await doomed.waitUntilReady();
    const phantom = { userId: 'phantom', gatewayId: 'gw', firstName: 'r1', lastName: 'phantom', emails: [] };
    await request('POST', `${doomed.url}/users`, { body: phantom }).catch(() => {});
    await waitFor(() => !doomed.isRunning);
    const replica = await waitFor(async () => {
      const { rows } = await system.database('sharing').query("SELECT FROM sharing_user WHERE user_id = 'phantom@gw'");
      return rows.length > 0 && rows;
    });
    expect(replica).toHaveLength(1);
    const { rows } = await system.database('profile').query("SELECT FROM profile_user WHERE user_id = 'phantom'");
    expect(rows).toHaveLength(0);

    // The next change of the same entity heals it.
    await system.startApp('profile');
    await system.app('profile').waitUntilReady();
    await request('POST', `${system.app('profile').url}/users`, { body: phantom });
    await replicaEqualsSource(system);
  });
});
