import type { Lifecycle } from '@dbem/db-event';
import type { ReconcileRun } from '@dbem/reconcile';
import { Log, PeriodicTask } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { ReconcileRuns } from './reconcile-runs.port';
import { Viewers } from './viewers';

const INTERVAL_MS = 2_000;
const QUIET_INTERVAL_MS = 30_000;

/** Knows which subscriptions have a backfill or a repair under way, by polling the store of runs. */
@Injectable()
export class Backfills implements Lifecycle {
  private current = new Set<string>();
  private readonly polling = new PeriodicTask(() => this.poll(), {
    intervalMs: () => (this.viewers.arePresent ? INTERVAL_MS : QUIET_INTERVAL_MS),
    onError: (error) => this.log.debug({ err: error }, 'could not read the reconcile runs'),
  });

  constructor(
    private readonly runs: ReconcileRuns,
    private readonly viewers: Viewers,
    private readonly log: Log,
  ) {
    viewers.onArrival(() => this.polling.wake());
  }

  start(): Promise<void> {
    return this.polling.start();
  }

  stop(): Promise<void> {
    return this.polling.stop();
  }

  isUnderWay(publisher: string, subscriber: string): boolean {
    return this.current.has(keyOf({ publisher, subscriber }));
  }

  private async poll(): Promise<void> {
    const runs = (await this.runs.underWay()).filter(({ kind }) => kind !== 'audit');
    this.current = new Set(runs.map(keyOf));
  }
}

function keyOf({ publisher, subscriber }: Pick<ReconcileRun, 'publisher' | 'subscriber'>): string {
  return `${publisher}~${subscriber}`;
}
