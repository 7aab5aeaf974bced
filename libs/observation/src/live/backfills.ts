import type { Lifecycle } from '@dbem/db-event';
import type { ReconcileRun } from '@dbem/reconcile';
import { Log } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { Onlookers } from './onlookers';
import { ReconcileRuns } from './reconcile-runs.port';

const INTERVAL_MS = 2_000;
const QUIET_INTERVAL_MS = 30_000;

/** Which subscriptions have a backfill or a repair under way, as the store of runs said a moment ago. */
@Injectable()
export class Backfills implements Lifecycle {
  private current = new Set<string>();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly runs: ReconcileRuns,
    private readonly onlookers: Onlookers,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    if (!this.stopping.signal.aborted) this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  isUnderWay(publisher: string, subscriber: string): boolean {
    return this.current.has(keyOf({ publisher, subscriber }));
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const runs = (await this.runs.underWay()).filter(({ kind }) => kind !== 'audit');
        this.current = new Set(runs.map(keyOf));
      } catch (error) {
        this.log.debug({ err: error }, 'could not look at the runs');
      }
      await this.onlookers.pause(INTERVAL_MS, QUIET_INTERVAL_MS, this.stopping.signal);
    }
  }
}

function keyOf({ publisher, subscriber }: Pick<ReconcileRun, 'publisher' | 'subscriber'>): string {
  return `${publisher}~${subscriber}`;
}
