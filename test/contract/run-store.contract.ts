import { type Claim, type ReconcileRun, type RunStore, type Schedule, startRun } from '@dbem/reconcile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

export interface RunStoreHarness {
  /** Stores of as many managers, started, that share the same runs. */
  readonly stores: readonly [RunStore, RunStore];
  tearDown(): Promise<void>;
}

/** What every run store must do. */
export function describeRunStore(name: string, setUp: () => Promise<RunStoreHarness>): void {
  describe(`${name} as a RunStore`, () => {
    let harness: RunStoreHarness;
    let ours: RunStore;
    let theirs: RunStore;
    let runs = 0;

    beforeEach(async () => {
      harness = await setUp();
      [ours, theirs] = harness.stores;
    });

    afterEach(async () => {
      await harness.tearDown();
    });

    const KEY = { publisher: 'user.profile', subscriber: 'sharing', entityType: 'USER_PROFILE' } as const;

    function run(): ReconcileRun {
      runs += 1;
      return {
        ...startRun({ ...KEY, kind: 'audit', requestedBy: 'ada' }),
        id: `run-${String(runs).padStart(4, '0')}`,
      };
    }

    async function created(): Promise<ReconcileRun> {
      const made = run();
      expect(await ours.create(made)).toBe(true);
      return made;
    }

    const codeOf = (refused: Promise<unknown>) =>
      refused.then(
        () => 'none',
        (error: { code?: string }) => error.code,
      );

    it(`${name} has at most one run in progress per key, whichever manager creates it`, async () => {
      const outcomes = await Promise.all([ours.create(run()), theirs.create(run()), ours.create(run())]);
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      const [id = ''] = await theirs.underWay();
      await theirs.change(id, (present) => ({ ...present, state: 'cancelled' }));
      expect(await ours.underWay()).toEqual([]);
      expect(await ours.create(run())).toBe(true);
    });

    it(`${name} gives a run to one of its claimers`, async () => {
      const { id } = await created();
      const claims = await Promise.all([ours.claim(id), theirs.claim(id)]);
      expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
      await claims.find((claim) => claim !== undefined)?.release();
      expect(await theirs.claim(id)).toBeDefined();
    });

    it(`${name} refuses to save over a change that was made after the claim`, async () => {
      const { id } = await created();
      const claim = (await ours.claim(id)) as Claim;
      await theirs.change(id, (present) => ({ ...present, state: 'paused' }));
      expect(await codeOf(claim.save({ ...claim.run, state: 'running' }))).toBe('RUN_CONFLICT');
      expect((await theirs.get(id))?.state).toBe('paused');
    });

    it(`${name} refuses to save over a change that was made after the last save`, async () => {
      const { id } = await created();
      const claim = (await ours.claim(id)) as Claim;
      await claim.save({ ...claim.run, state: 'running' });
      await claim.save({ ...claim.run, state: 'running', cursor: 'k' });
      await theirs.change(id, (present) => ({ ...present, state: 'cancelled' }));
      expect(await codeOf(claim.save({ ...claim.run, state: 'running', cursor: 'l' }))).toBe('RUN_CONFLICT');
      expect(await theirs.get(id)).toMatchObject({ state: 'cancelled', cursor: 'k' });
    });

    it(`${name} loses none of several changes that are made at once to a run that was never changed`, async () => {
      const { id } = await created();
      const add = (store: RunStore) =>
        store.change(id, (present) => ({ ...present, pass: present.pass + 1 })).then(() => undefined);
      const before = (await ours.get(id))?.pass ?? 0;
      await Promise.all([add(ours), add(theirs), add(ours), add(theirs)]);
      expect((await ours.get(id))?.pass).toBe(before + 4);
    });

    it(`${name} lets one of the managers that find a schedule due start it, also the first time`, async () => {
      const schedule: Schedule = { ...KEY, kind: 'audit', intervalMs: 1_000, lastStartedAtMs: null };
      for (let round = 1; round <= 5; round += 1) {
        await ours.removeSchedule(KEY);
        await ours.putSchedule(schedule);
        const [seen] = (await ours.schedules()) as [Schedule];
        const taken = await Promise.all([ours.takeDue(seen, round), theirs.takeDue(seen, round)]);
        expect(taken.filter(Boolean)).toHaveLength(1);
        expect((await theirs.schedules())[0]?.lastStartedAtMs).toBe(round);
      }
    });

    it(`${name} does not start a schedule that was replaced or removed meanwhile`, async () => {
      const schedule: Schedule = { ...KEY, kind: 'audit', intervalMs: 1_000, lastStartedAtMs: null };
      await ours.putSchedule(schedule);
      const [seen] = (await ours.schedules()) as [Schedule];
      await theirs.putSchedule({ ...schedule, intervalMs: 2_000 });
      expect(await ours.takeDue(seen, 1)).toBe(false);
      expect(await theirs.removeSchedule(KEY)).toBe(true);
      expect(await ours.removeSchedule(KEY)).toBe(false);
      expect(await ours.takeDue(seen, 1)).toBe(false);
    });

    it(`${name} creates a requested run once, until the request is forgotten`, async () => {
      const outcomes = await Promise.all([ours.createOnce(run()), theirs.createOnce(run())]);
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
      expect(await ours.createOnce(run())).toBe('asked');
      await theirs.forgetAsked(KEY);
      expect(await ours.createOnce(run())).toBe('underWay');
    });

    it(`${name} has no run that was never created`, async () => {
      expect(await ours.get('none')).toBeUndefined();
      expect(await ours.claim('none')).toBeUndefined();
      expect(await codeOf(ours.change('none', (present) => present))).toBe('RUN_UNKNOWN');
    });
  });
}
