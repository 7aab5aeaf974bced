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
import { Broker, RequestClient } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { QueueThrottle } from './queue-throttle';

const CHECK_INTERVAL_MS = 1_000;
/** So many at once, of this manager; others wait, or go to other managers. */
const MAX_RUNS = 2;

/**
 * Carries out the runs that no other manager does, and starts what is scheduled. Any number of managers may do this.
 *
 *   looking -(a run is free: claim it)-> executing, beside looking -(over, or not ours any more: release)-> looking
 *   any -stop-> executions end at their next save or pause, claims are released -> stopped
 */
@Injectable()
export class ReconcileRunner implements Lifecycle {
  private readonly stopping = new AbortController();
  private readonly executing = new Map<string, Promise<void>>();
  private readonly looking = new PeriodicTask(() => this.look(), {
    intervalMs: CHECK_INTERVAL_MS,
    onError: (error) => this.log.debug({ err: error }, 'could not look for runs; looking again'),
  });

  constructor(
    private readonly store: RunStore,
    private readonly broker: Broker,
    private readonly client: RequestClient,
    private readonly log: Log,
  ) {}

  start(): Promise<void> {
    return this.looking.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.looking.stop();
    await Promise.all(this.executing.values());
  }

  /** There is a new run. */
  wake(): void {
    this.looking.wake();
  }

  private async look(): Promise<void> {
    await this.startScheduled();
    await this.takeFree();
  }

  private async startScheduled(): Promise<void> {
    const nowMs = Date.now();
    for (const schedule of await this.store.schedules()) {
      if (nowMs < (schedule.lastStartedAtMs ?? 0) + schedule.intervalMs) continue;
      if (!(await this.store.takeDue(schedule, nowMs))) continue;
      const isNew = await this.store.create(startRun({ ...schedule, requestedBy: 'schedule' }));
      if (!isNew) this.log.info({ ...schedule }, 'a scheduled run is left out: one is under way');
    }
  }

  private async takeFree(): Promise<void> {
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
    this.log.info({ id, publisher, subscriber, entityType, kind }, 'carrying out a run of reconcile');
    const run: ReconcileRun = { ...claim.run, state: 'running' };
    try {
      const execution = new RunExecution(run, {
        source: new RemoteSourceEndpoint(this.client, run),
        replica: new RemoteReplicaEndpoint(this.client, run),
        pace: new QueueThrottle(this.broker, subscriber, run.options, this.stopping.signal),
        clock: new StoppableClock(this.stopping.signal),
        save: async (saved) => {
          if (this.stopping.signal.aborted) throw new DbEventError('RUN_CONFLICT', 'This manager stops');
          await claim.save(saved);
        },
      }).execute();
      // An answer that a service owes is not waited for at a stop: the execution ends itself at its next save.
      const over = await unlessAborted(execution, this.stopping.signal);
      if (over === ABORTED) throw new DbEventError('RUN_CONFLICT', 'This manager stops');
      this.log.info({ id, state: over.state, progress: over.progress, left: over.left }, 'a run of reconcile is over');
    } catch (error) {
      await this.giveUp(claim, error);
    } finally {
      await claim.release();
    }
  }

  private async giveUp({ run: { id } }: Claim, error: unknown): Promise<void> {
    if (error instanceof DbEventError && error.code === 'RUN_CONFLICT') {
      this.log.info({ id, reason: error.message }, 'a run of reconcile is not ours any more');
      return;
    }
    this.log.error({ err: error, id }, 'a run of reconcile has failed');
    const message = error instanceof Error ? error.message : String(error);
    await this.store
      .change(id, (run) => ({ ...run, state: 'failed', endedAtMs: Date.now(), error: { code: 'RPC_FAILED', message } }))
      .catch((cause: unknown) => this.log.warn({ err: cause, id }, 'could not note that a run has failed'));
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
