import type { Lifecycle } from '@dbem/db-event';
import type { ReconcileRun } from '@dbem/reconcile';
import { Log, PeriodicTask } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { ReconcileRuns } from './reconcile-runs.port';
import { Viewers } from './viewers';

const INTERVAL_MS = 2_000;
const QUIET_INTERVAL_MS = 30_000;

/** Which subscriptions have a backfill or a repair under way, as the store of runs said a moment ago. */
@Injectable()
export class Backfills implements Lifecycle {
  private current = new Set<string>();
  private readonly looking = new PeriodicTask(() => this.look(), {
    intervalMs: () => (this.onlookers.areThere ? INTERVAL_MS : QUIET_INTERVAL_MS),
    onError: (error) => this.log.debug({ err: error }, 'could not look at the runs'),
  });

  constructor(
    private readonly runs: ReconcileRuns,
    private readonly onlookers: Viewers,
    private readonly log: Log,
  ) {
    onlookers.onCome(() => this.looking.wake());
  }

  start(): Promise<void> {
    return this.looking.start();
  }

  stop(): Promise<void> {
    return this.looking.stop();
  }

  isUnderWay(publisher: string, subscriber: string): boolean {
    return this.current.has(keyOf({ publisher, subscriber }));
  }

  private async look(): Promise<void> {
    const runs = (await this.runs.underWay()).filter(({ kind }) => kind !== 'audit');
    this.current = new Set(runs.map(keyOf));
  }
}

function keyOf({ publisher, subscriber }: Pick<ReconcileRun, 'publisher' | 'subscriber'>): string {
  return `${publisher}~${subscriber}`;
}
