import { type ReconcileRun, RunExecution, type RunKind, startRun, statementOf } from '@dbem/reconcile';
import fc from 'fast-check';
import { expect } from 'vitest';
import { endpointsOf } from './model-endpoints';
import { Crash, type Draw, ModelWorld } from './model-world';

const KEY = { publisher: 'registry', subscriber: 'sharing', entityType: 'PROJECT' } as const;
const MAX_CRASHES = 5;

const numbers = fc.infiniteStream(fc.nat());
const kinds = fc.array(fc.constantFrom<RunKind>('backfill', 'audit', 'repair'), { minLength: 1, maxLength: 3 });

/**
 * Among random changes, losses, crashes, commits and rollbacks, runs violate no guarantee, and a final repair makes
 * source and replica equal.
 */
export async function expectRunsToKeepPromises(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(numbers, kinds, async (stream, runs) => {
      const world = new ModelWorld(drawFrom(stream));
      for (const kind of runs) await execute(world, kind);
      expect(world.faults).toEqual([]);

      world.areWritesGoingOn = false;
      world.calm();
      await execute(world, 'repair');
      world.calm();
      expect(world.faults).toEqual([]);
      expect(world.isEqual).toBe(true);
    }),
    { numRuns, endOnFailure: true },
  );
}

/** Once all writes have ended and arrived, an audit states whether source and replica are equal, and sends no row. */
export async function expectAuditsToBeTrue(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(numbers, fc.boolean(), async (stream, isRepairedBefore) => {
      const world = new ModelWorld(drawFrom(stream));
      await execute(world, 'backfill');
      world.areWritesGoingOn = false;
      world.calm();
      if (isRepairedBefore) {
        await execute(world, 'repair');
        world.calm();
      }
      const audit = await execute(world, 'audit');
      expect(statementOf(audit)?.isEqual).toBe(world.isEqual);
      expect(audit.progress.sent).toBe(0);
    }),
    { numRuns, endOnFailure: true },
  );
}

/** Executes a run to its end; after a crash, another process continues from the saved state. */
async function execute(world: ModelWorld, kind: RunKind): Promise<ReconcileRun> {
  let saved = startRun({ ...KEY, kind, requestedBy: 'test', options: { verifyAfterMs: 1_000 } });
  const save = async (run: ReconcileRun) => {
    saved = run;
  };
  for (let crashes = 0; ; crashes += 1) {
    world.mayCrash = crashes < MAX_CRASHES;
    try {
      return await new RunExecution(saved, { ...endpointsOf(world), save }).execute();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
}

function drawFrom(stream: fc.Stream<number>): Draw {
  return (below) => Math.abs(stream.next().value as number) % below;
}
