import { DbEventError } from '@dbem/db-event';
import type { ZooKeeperSession } from '@dbem/zookeeper';
import type { ReconcileRun } from '../run/reconcile-run';
import type { Claim } from '../store/run-store.port';
import { ownerPath } from './paths';
import { writeRun } from './run-nodes';

/** A claim ends with the session that made it; each save fails if the run was changed meanwhile. */
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
        // It is unknown whether the run was saved. The manager that claims it next continues from the stored state.
        throw new DbEventError('RUN_CONFLICT', `The run "${run.id}" could not be saved: ${cause}`, { cause });
      });
    if (!isSaved)
      throw new DbEventError('RUN_CONFLICT', `The run "${run.id}" was changed or claimed by another manager`);
    this.version += 1;
  }

  async release(): Promise<void> {
    // An expired session has released all of its claims.
    await this.session.commit((transaction) => transaction.remove(ownerPath(this.run.id))).catch(() => {});
  }
}
