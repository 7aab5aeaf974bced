import { DbEventError } from '@dbem/db-event';
import type { ZooKeeperSession } from '@dbem/zookeeper';
import type { ReconcileRun } from '../run/reconcile-run';
import type { Claim } from '../store/run-store.port';
import { ownerPath } from './paths';
import { writeRun } from './run-nodes';

/** A claim lives with the session that made it; each save is conditional on nobody having changed the run. */
export class ZooKeeperClaim implements Claim {
  constructor(
    private readonly session: ZooKeeperSession,
    readonly run: ReconcileRun,
    private version: number,
  ) {}

  async save(run: ReconcileRun): Promise<void> {
    const isSaved = await this.session
      .commit((transaction) => writeRun(transaction, run, this.version))
      .catch((cause: unknown) => {
        // Saved or not: unknown. Whoever claims the run next goes on from what is there.
        throw new DbEventError('RUN_CONFLICT', `The run "${run.id}" could not be saved: ${cause}`, { cause });
      });
    if (!isSaved) throw new DbEventError('RUN_CONFLICT', `The run "${run.id}" was changed by somebody else`);
    this.version += 1;
  }

  async release(): Promise<void> {
    // A session that is over has released all its claims.
    await this.session.commit((transaction) => transaction.remove(ownerPath(this.run.id))).catch(() => {});
  }
}
