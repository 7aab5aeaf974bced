import { type ReconcileRun, RunExecution, type RunKind, startRun, statementOf } from '@dbem/reconcile';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Crash, type Draw, ModelWorld } from '../support/reconcile/model-world';

const KEY = { publisher: 'registry', subscriber: 'sharing', entityType: 'PROJECT' } as const;

/** Carries a run out to its end; whoever dies of a crash is followed by another, which goes on from what was saved. */
async function carryOut(world: ModelWorld, kind: RunKind): Promise<ReconcileRun> {
  let saved = startRun({ ...KEY, kind, requestedBy: 'test', options: { settleMs: 1_000 } });
  for (let crashes = 0; ; crashes += 1) {
    world.mayCrash = crashes < 5;
    const { source, replica, clock, pace } = world;
    const save = async (run: ReconcileRun) => {
      saved = run;
    };
    try {
      return await new RunExecution(saved, { source, replica, clock, pace, save }).execute();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
}

function drawFrom(numbers: fc.Stream<number>): Draw {
  return (below) => Math.abs(numbers.next().value as number) % below;
}

describe('runs among random changes, losses, crashes and transactions that end either way', () => {
  const numbers = fc.infiniteStream(fc.nat());
  const kinds = fc.array(fc.constantFrom<RunKind>('backfill', 'audit', 'repair'), { minLength: 1, maxLength: 3 });

  it('never overwrite what is newer, never bring back what is deleted, never remove an open insert, and end equal', async () => {
    await fc.assert(
      fc.asyncProperty(numbers, kinds, async (stream, runs) => {
        const world = new ModelWorld(drawFrom(stream));
        for (const kind of runs) await carryOut(world, kind);
        expect(world.faults).toEqual([]);

        world.areWritesGoingOn = false;
        world.calm();
        await carryOut(world, 'repair');
        world.calm();
        expect(world.faults).toEqual([]);
        expect(world.isEqual).toBe(true);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  it('an audit of what is calm says the truth, and changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(numbers, fc.boolean(), async (stream, isHealedBefore) => {
        const world = new ModelWorld(drawFrom(stream));
        await carryOut(world, 'backfill');
        world.areWritesGoingOn = false;
        world.calm();
        if (isHealedBefore) {
          await carryOut(world, 'repair');
          world.calm();
        }
        const audit = await carryOut(world, 'audit');
        expect(statementOf(audit)?.isEqual).toBe(world.isEqual);
        expect(audit.progress.sent).toBe(0);
      }),
      { numRuns: 80, endOnFailure: true },
    );
  });
});
