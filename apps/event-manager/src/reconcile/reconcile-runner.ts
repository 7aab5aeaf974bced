import { DbEventError, type Lifecycle } from '@dbem/db-event';
import {
  type Claim,
  Clock,
  type ReconcileRun,
  RemoteReplicaEndpoint,
  RemoteSourceEndpoint,
  RunExecution,
  RunStore,
  startRun,
} from '@dbem/reconcile';
import { ABORTED, Log, PeriodicTask, pause, unlessAborted } from '@dbem/runtime';
import { Broker, QueueContents, RequestClient } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { QueueThrottle } from './queue-throttle';

const CHECK_INTERVAL_MS = 1_000;
/** Maximum concurrent runs of this manager; further runs wait or are claimed by other managers. */
const MAX_RUNS = 2;

/**
 * Claims and executes reconcile runs, and starts scheduled ones. Any number of managers may do so concurrently; the
 * claim makes sure that only one executes a run.
 *
 *   polling -(unclaimed run: claim it)-> executing, while polling -(over, or claim lost: release)-> polling
 *   any -stop-> executions end at their next save or pause, claims are released -> stopped
 */
@Injectable()
export class ReconcileRunner implements Lifecycle {
  private readonly stopping = new AbortController();
  private readonly executing = new Map<string, Promise<void>>();
  private readonly polling = new PeriodicTask(() => this.poll(), {
    intervalMs: CHECK_INTERVAL_MS,
    onError: (error) => this.log.debug({ err: error }, 'could not poll for reconcile runs; retrying'),
  });

  constructor(
    private readonly store: RunStore,
    private readonly broker: Broker,
    private readonly contents: QueueContents,
    private readonly client: RequestClient,
    private readonly log: Log,
  ) {}

  start(): Promise<void> {
    return this.polling.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.polling.stop();
    await Promise.all(this.executing.values());
  }

  /** Call after creating a run, so that it starts at once. */
  wake(): void {
    this.polling.wake();
  }

  private async poll(): Promise<void> {
    await this.startScheduled();
    await this.claimRuns();
  }

  private async startScheduled(): Promise<void> {
    const nowMs = Date.now();
    for (const schedule of await this.store.schedules()) {
      if (nowMs < (schedule.lastStartedAtMs ?? 0) + schedule.intervalMs) continue;
      if (!(await this.store.takeDue(schedule, nowMs))) continue;
      const isNew = await this.store.create(startRun({ ...schedule, requestedBy: 'schedule' }));
      if (!isNew) this.log.info({ ...schedule }, 'skipped a scheduled reconcile run because one is under way');
    }
  }

  private async claimRuns(): Promise<void> {
    for (const id of await this.store.underWay()) {
      if (this.executing.size >= MAX_RUNS) return;
      if (this.executing.has(id)) continue;
      const claim = await this.store.claim(id);
      if (claim === undefined) continue;
      const execution = this.execute(claim).finally(() => {
        this.executing.delete(id);
        this.wake();
      });
      this.executing.set(id, execution);
    }
  }

  private async execute(claim: Claim): Promise<void> {
    const { id, publisher, subscriber, entityType, kind } = claim.run;
    this.log.info({ id, publisher, subscriber, entityType, kind }, 'executing a reconcile run');
    const run: ReconcileRun = { ...claim.run, state: 'running' };
    try {
      const execution = new RunExecution(run, {
        source: new RemoteSourceEndpoint(this.client, run),
        replica: new RemoteReplicaEndpoint(this.client, run),
        throttle: new QueueThrottle(this.broker, this.contents, subscriber, run.options, this.stopping.signal),
        clock: new StoppableClock(this.stopping.signal),
        save: async (saved) => {
          if (this.stopping.signal.aborted) throw new DbEventError('RUN_CONFLICT', 'This event manager is stopping');
          await claim.save(saved);
        },
      }).execute();
      // A stop does not await outstanding responses of services: the execution ends by itself at its next save.
      const over = await unlessAborted(execution, this.stopping.signal);
      if (over === ABORTED) throw new DbEventError('RUN_CONFLICT', 'This event manager is stopping');
      this.log.info({ id, state: over.state, progress: over.progress, left: over.left }, 'reconcile run is over');
    } catch (error) {
      await this.handleFailure(claim, error);
    } finally {
      await claim.release();
    }
  }

  private async handleFailure({ run: { id } }: Claim, error: unknown): Promise<void> {
    if (error instanceof DbEventError && error.code === 'RUN_CONFLICT') {
      this.log.info({ id, reason: error.message }, 'stopped executing a reconcile run');
      return;
    }
    this.log.error({ err: error, id }, 'reconcile run failed');
    const message = error instanceof Error ? error.message : String(error);
    await this.store
      .change(id, (run) => ({ ...run, state: 'failed', endedAtMs: Date.now(), error: { code: 'RPC_FAILED', message } }))
      .catch((cause: unknown) => this.log.warn({ err: cause, id }, 'could not mark a reconcile run as failed'));
  }
}

class StoppableClock extends Clock {
  constructor(private readonly stopping: AbortSignal) {
    super();
  }

  now(): number {
    return Date.now();
  }

  pause(ms: number): Promise<void> {
    return pause(ms, this.stopping);
  }
}
