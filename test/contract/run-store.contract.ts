import { type Claim, type ReconcileRun, type RunStore, type Schedule, startRun } from '@dbem/reconcile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

export interface RunStoreHarness {
  /** Started stores of two managers that share the same runs. */
  readonly stores: readonly [RunStore, RunStore];
  tearDown(): Promise<void>;
}

/** The contract of every run store. */
export function describeRunStore(name: string, setUp: () => Promise<RunStoreHarness>): void {
  describe(`${name} as a RunStore`, () => {
    let harness: RunStoreHarness;
    let first: RunStore;
    let second: RunStore;
    let runs = 0;

    beforeEach(async () => {
      harness = await setUp();
      [first, second] = harness.stores;
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
      const newRun = run();
      expect(await first.create(newRun)).toBe(true);
      return newRun;
    }

    const codeOf = (refused: Promise<unknown>) =>
      refused.then(
        () => 'none',
        (error: { code?: string }) => error.code,
      );

    it(`${name} has at most one run in progress per key, whichever manager creates it`, async () => {
      const outcomes = await Promise.all([first.create(run()), second.create(run()), first.create(run())]);
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      const [id = ''] = await second.underWay();
      await second.change(id, (present) => ({ ...present, state: 'cancelled' }));
      expect(await first.underWay()).toEqual([]);
      expect(await first.create(run())).toBe(true);
    });

    it(`${name} lets only one of several managers claim a run`, async () => {
      const { id } = await created();
      const claims = await Promise.all([first.claim(id), second.claim(id)]);
      expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
      await claims.find((claim) => claim !== undefined)?.release();
      expect(await second.claim(id)).toBeDefined();
    });

    it(`${name} refuses to save over a change that was made after the claim`, async () => {
      const { id } = await created();
      const claim = (await first.claim(id)) as Claim;
      await second.change(id, (present) => ({ ...present, state: 'paused' }));
      expect(await codeOf(claim.save({ ...claim.run, state: 'running' }))).toBe('RUN_CONFLICT');
      expect((await second.get(id))?.state).toBe('paused');
    });

    it(`${name} refuses to save over a change that was made after the last save`, async () => {
      const { id } = await created();
      const claim = (await first.claim(id)) as Claim;
      await claim.save({ ...claim.run, state: 'running' });
      await claim.save({ ...claim.run, state: 'running', cursor: 'k' });
      await second.change(id, (present) => ({ ...present, state: 'cancelled' }));
      expect(await codeOf(claim.save({ ...claim.run, state: 'running', cursor: 'l' }))).toBe('RUN_CONFLICT');
      expect(await second.get(id)).toMatchObject({ state: 'cancelled', cursor: 'k' });
    });

    it(`${name} loses none of several concurrent changes to a new run`, async () => {
      const { id } = await created();
      const add = (store: RunStore) =>
        store.change(id, (present) => ({ ...present, pass: present.pass + 1 })).then(() => undefined);
      const before = (await first.get(id))?.pass ?? 0;
      await Promise.all([add(first), add(second), add(first), add(second)]);
      expect((await first.get(id))?.pass).toBe(before + 4);
    });

    it(`${name} lets only one manager start a due schedule, even the first time`, async () => {
      const schedule: Schedule = { ...KEY, kind: 'audit', intervalMs: 1_000, lastStartedAtMs: null };
      for (let round = 1; round <= 5; round += 1) {
        await first.removeSchedule(KEY);
        await first.putSchedule(schedule);
        const [seen] = (await first.schedules()) as [Schedule];
        const taken = await Promise.all([first.takeDue(seen, round), second.takeDue(seen, round)]);
        expect(taken.filter(Boolean)).toHaveLength(1);
        expect((await second.schedules())[0]?.lastStartedAtMs).toBe(round);
      }
    });

    it(`${name} does not start a schedule that was replaced or removed in the meantime`, async () => {
      const schedule: Schedule = { ...KEY, kind: 'audit', intervalMs: 1_000, lastStartedAtMs: null };
      await first.putSchedule(schedule);
      const [seen] = (await first.schedules()) as [Schedule];
      await second.putSchedule({ ...schedule, intervalMs: 2_000 });
      expect(await first.takeDue(seen, 1)).toBe(false);
      expect(await second.removeSchedule(KEY)).toBe(true);
      expect(await first.removeSchedule(KEY)).toBe(false);
      expect(await first.takeDue(seen, 1)).toBe(false);
    });

    it(`${name} creates a requested run only once, until the request is forgotten`, async () => {
      const outcomes = await Promise.all([first.createOnce(run()), second.createOnce(run())]);
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
      expect(await first.createOnce(run())).toBe('asked');
      await second.forgetAsked(KEY);
      expect(await first.createOnce(run())).toBe('underWay');
    });

    it(`${name} reports a run that was never created as unknown`, async () => {
      expect(await first.get('none')).toBeUndefined();
      expect(await first.claim('none')).toBeUndefined();
      expect(await codeOf(first.change('none', (present) => present))).toBe('RUN_UNKNOWN');
    });
  });
}
