import { PARKING_HEADERS } from '@dbem/transport';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CausalityHarness, projectDependency, userDependency } from '../support/causality/causality-harness';
import { waitFor } from '../support/waiting/wait-for';

describe('events with dependencies', () => {
  let harness: CausalityHarness;

  beforeAll(async () => {
    harness = await CausalityHarness.start();
  });

  beforeEach(() => harness.reset());

  afterAll(() => harness?.stop());

  const endSubscription = (publisher: string) =>
    harness.database.pool.query('INSERT INTO db_event.ended_subscription VALUES ($1)', [publisher]);

  async function deferLargeProjects(): Promise<void> {
    const dependencies = [userDependency('ada')];
    for (let index = 1; index <= 12; index += 1) {
      await harness.sendProject({ id: `p${index}`, version: BigInt(index), dependencies, addedBytes: 1_000_000 });
    }
    await waitFor(() => harness.counts.deferredCount === 12);
  }

  it('A deferred project is applied in the transaction that applies its owner', async () => {
    await harness.startApplier();
    await harness.sendProject({ id: 'p', version: 1n, dependencies: [userDependency('ada', 5n)] });
    await waitFor(() => harness.counts.deferredCount === 1);
    expect(harness.handled).toEqual([]);
    await harness.sendUser({ id: 'ada', version: 5n });
    await waitFor(() => harness.counts.applied === 2);
    expect(harness.handled).toEqual(['user ada@gw 5', 'project p 1']);
    expect(await harness.deferred()).toEqual([]);
    expect(harness.commits).toEqual([0, 2]);
  });

  it('A deferred project waits for the version of its owner that it depends on, not for an older one', async () => {
    await harness.startApplier();
    await harness.sendUser({ id: 'ada', version: 4n });
    await harness.sendProject({ id: 'p', version: 1n, dependencies: [userDependency('ada', 5n)] });
    await waitFor(() => harness.counts.deferredCount === 1);
    await harness.sendUser({ id: 'ada', version: 6n });
    await waitFor(() => harness.counts.applied === 3);
    expect(harness.handled).toEqual(['user ada@gw 4', 'user ada@gw 6', 'project p 1']);
  });

  it('The owner’s handler is called before the project’s when both are in one batch', async () => {
    await harness.sendProject({ id: 'p', version: 1n, dependencies: [userDependency('ada')] });
    await harness.sendUser({ id: 'ada', version: 5n });
    await harness.startApplier();
    await waitFor(() => harness.counts.applied === 2);
    expect(harness.handled).toEqual(['user ada@gw 5', 'project p 1']);
    expect(harness.counts.deferredCount).toBe(0);
  });

  it('A tombstone of the owner counts as applied', async () => {
    await harness.startApplier();
    await harness.sendUser({ id: 'ada', version: 6n, crudType: 'DELETE' });
    await waitFor(() => harness.counts.applied === 1);
    await harness.sendProject({ id: 'p', version: 1n, dependencies: [userDependency('ada', 5n)] });
    await waitFor(() => harness.counts.applied === 2);
    expect(harness.handled).toEqual(['no user ada@gw 6', 'project p 1']);
  });

  it('A project does not wait for a dependency that the service does not subscribe to', async () => {
    await harness.startApplier();
    const tenant = { entityType: 'TENANT', entityId: 't' } as const;
    await harness.sendProject({ id: 'p', version: 1n, dependencies: [{ ...tenant, publisher: 'elsewhere' }] });
    await harness.sendProject({ id: 'q', version: 2n, dependencies: [{ ...tenant, publisher: 'user.profile' }] });
    await endSubscription('user.profile');
    await harness.sendProject({ id: 'r', version: 3n, dependencies: [userDependency('ada')] });
    await waitFor(() => harness.counts.applied === 3);
  });

  it('A chain of deferred events is released in one transaction, in dependency order', async () => {
    await harness.startApplier({ maxBatch: 1 });
    await harness.sendGroup({ id: 'g', version: 1n, crudType: 'CREATE', dependencies: [projectDependency('p', 7n)] });
    await harness.sendProject({ id: 'p', version: 7n, dependencies: [userDependency('ada', 5n)] });
    await waitFor(() => harness.counts.deferredCount === 2);
    await harness.sendUser({ id: 'ada', version: 5n });
    await waitFor(() => harness.counts.applied === 3);
    expect(harness.handled).toEqual(['user ada@gw 5', 'project p 7', 'group g 1']);
    expect(harness.commits).toEqual([0, 0, 3]);
  });

  it('A project is deferred until the last of its dependencies is applied', async () => {
    await harness.startApplier({ maxBatch: 1 });
    const members = Array.from({ length: 30 }, (_, index) => `u${index}`);
    const dependencies = members.map((id) => userDependency(id, 1n));
    await harness.sendProject({ id: 'p', version: 1n, dependencies });
    for (const id of members) {
      expect(harness.handled).not.toContain('project p 1');
      await harness.sendUser({ id, version: 1n });
    }
    await waitFor(() => harness.counts.applied === members.length + 1);
    expect(harness.handled.at(-1)).toBe('project p 1');
  });

  it('A deferred event is replaced by a newer version and removed by a delete', async () => {
    await harness.startApplier();
    await harness.sendProject({ id: 'p', version: 1n, dependencies: [userDependency('ada', 5n)] });
    await harness.sendProject({ id: 'p', version: 2n, dependencies: [userDependency('bob', 5n)] });
    await harness.sendProject({ id: 'q', version: 3n, dependencies: [userDependency('ada', 5n)] });
    await waitFor(() => harness.counts.deferredCount + harness.counts.stale >= 3);
    await harness.sendProject({ id: 'q', version: 4n, crudType: 'DELETE' });
    await waitFor(() => harness.counts.applied === 1);
    expect(await harness.deferred()).toEqual([{ entity_id: 'p', version: '2', awaited_id: 'bob@gw' }]);
    await harness.sendUser({ id: 'ada', version: 5n });
    await harness.sendUser({ id: 'bob', version: 5n });
    await waitFor(() => harness.counts.applied === 4);
    const ofProjects = harness.handled.filter((line) => line.includes('project'));
    expect(ofProjects).toEqual(['no project q 4', 'project p 2']);
  });

  it('An older version is applied while a newer one is deferred, if its own dependencies are applied', async () => {
    await harness.sendProject({ id: 'p', version: 1n });
    await harness.sendProject({ id: 'p', version: 2n, dependencies: [userDependency('ada')] });
    await harness.startApplier();
    await waitFor(() => harness.counts.applied === 1 && harness.counts.deferredCount === 1);
    expect(harness.handled).toEqual(['project p 1']);
    await harness.sendUser({ id: 'ada', version: 5n });
    await waitFor(() => harness.counts.applied === 3);
    expect(harness.handled).toEqual(['project p 1', 'user ada@gw 5', 'project p 2']);
  });

  it('A deferred event that waits too long is parked with the reason', async () => {
    await harness.startApplier({ deferred: { maxAgeMs: 100, checkIntervalMs: 20 } });
    await harness.sendProject({ id: 'p', version: 1n, dependencies: [userDependency('ada', 5n)] });
    const [delivery] = await harness.parked();
    expect(delivery?.headers[PARKING_HEADERS.reasonCode]).toBe('DEPENDENCY_MISSING');
    expect(delivery?.headers[PARKING_HEADERS.reason]).toContain('USER_PROFILE "ada@gw" of user.profile at version 5');
    await waitFor(async () => (await harness.deferred()).length === 0);
    await harness.sendUser({ id: 'ada', version: 5n });
    await waitFor(() => harness.counts.applied === 1);
    expect(harness.handled).toEqual(['user ada@gw 5']);
  });

  it('The oldest deferred events are parked when there are more than the limit', async () => {
    await harness.startApplier({ maxBatch: 1, deferred: { maxCount: 3, checkIntervalMs: 20 } });
    for (let index = 0; index < 5; index += 1) {
      const version = BigInt(index + 1);
      await harness.sendProject({ id: `p${index}`, version, dependencies: [userDependency('ada', 5n)] });
      await waitFor(() => harness.counts.deferredCount === index + 1);
    }
    await waitFor(() => harness.counts.parkedCount === 2);
    await waitFor(async () => (await harness.deferred()).length === 3);
    expect((await harness.deferred()).map(({ entity_id }) => entity_id)).toEqual(['p2', 'p3', 'p4']);
  });

  it('Events that depend on each other are parked after the time limit', async () => {
    await harness.startApplier({ deferred: { maxAgeMs: 100, checkIntervalMs: 20 } });
    await harness.sendProject({ id: 'p', version: 1n, dependencies: [projectDependency('q')] });
    await harness.sendProject({ id: 'q', version: 2n, dependencies: [projectDependency('p')] });
    await waitFor(() => harness.counts.parkedCount === 2);
    expect(harness.handled).toEqual([]);
  });

  it('A deferred event whose handler fails does not delay the change that releases it', async () => {
    harness.interfere = async (changes) => {
      if (changes.some(({ entityId }) => entityId === 'bad')) throw new Error('a failing handler');
    };
    await harness.startApplier({ deferred: { checkIntervalMs: 20 } });
    await harness.sendProject({ id: 'bad', version: 1n, dependencies: [userDependency('ada', 5n)] });
    await harness.sendProject({ id: 'good', version: 2n, dependencies: [userDependency('ada', 5n)] });
    await waitFor(() => harness.counts.deferredCount === 2);
    await harness.sendUser({ id: 'ada', version: 5n });
    await waitFor(() => harness.counts.applied === 2 && harness.counts.retriedCount === 1);
    await waitFor(async () => (await harness.deferred()).length === 0);
    const { rows } = await harness.database.pool.query('SELECT entity_id FROM db_event.replica_version ORDER BY 1');
    expect(rows.map(({ entity_id }) => entity_id)).toEqual(['ada@gw', 'good']);
  });

  it('A deferred event stops waiting for a publisher whose subscription has ended', async () => {
    const applier = await harness.startApplier({ deferred: { checkIntervalMs: 20 } });
    await harness.sendProject({ id: 'p', version: 1n, dependencies: [userDependency('ada', 5n)] });
    await waitFor(() => harness.counts.deferredCount === 1);
    await endSubscription('user.profile');
    applier.recheckDeferred();
    await waitFor(() => harness.counts.applied === 1);
    expect(harness.handled).toEqual(['project p 1']);
  });

  it('Large deferred events are released in rounds of at most 8 MiB, without a pause between them', async () => {
    // The monitor checks by itself only once, at its start: the rounds follow each other at once.
    const applier = await harness.startApplier({ maxBatch: 1, deferred: { checkIntervalMs: 600_000 } });
    await deferLargeProjects();
    await endSubscription('user.profile');
    applier.recheckDeferred();
    await waitFor(() => harness.counts.applied === 12);
    expect(Math.max(...harness.commits)).toBe(8);
  });

  it('Large deferred events that wait too long are parked without a pause between the rounds', async () => {
    const applier = await harness.startApplier({ maxBatch: 1 });
    await deferLargeProjects();
    await applier.stop();
    await harness.startApplier({ deferred: { maxAgeMs: 0, checkIntervalMs: 600_000 } });
    await waitFor(() => harness.counts.parkedCount === 12);
    await waitFor(async () => (await harness.deferred()).length === 0);
  });
});
