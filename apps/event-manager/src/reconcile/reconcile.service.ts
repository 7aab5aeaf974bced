import { DbEventError, type EntityType, type Subscription } from '@dbem/db-event';
import { ReconcileRuns } from '@dbem/observation';
import {
  isOver,
  type ReconcileRun,
  type RunKey,
  type RunRequest,
  RunStore,
  restarted,
  type Schedule,
  startRun,
  textOfKey,
} from '@dbem/reconcile';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Injectable } from '@nestjs/common';
import { ReconcileRunner } from './reconcile-runner';

/** Starts and controls reconcile runs, for the admin API, for new subscriptions and for expired ones. */
@Injectable()
export class ReconcileService extends ReconcileRuns {
  constructor(
    private readonly store: RunStore,
    private readonly runner: ReconcileRunner,
    private readonly registry: SubscriptionRegistry,
  ) {
    super();
  }

  /**
   * @throws DbEventError SUBSCRIPTION_INVALID (no such subscription), RUN_CONFLICT (one is under way),
   *   RUNS_UNAVAILABLE.
   */
  async request(request: RunRequest): Promise<ReconcileRun> {
    this.checkSubscription(request);
    const run = startRun(request);
    if (!(await this.store.create(run))) {
      throw new DbEventError(
        'RUN_CONFLICT',
        `A run of ${run.entityType} from "${run.publisher}" to "${run.subscriber}" is already under way`,
      );
    }
    this.runner.wake();
    return run;
  }

  /** Backfills a new subscription that requested history, once. May be called again after a failure. */
  async backfillOnce({ publisher, subscriber }: Subscription, entityTypes: readonly EntityType[]): Promise<void> {
    for (const entityType of entityTypes) {
      const run = startRun({ publisher, subscriber, entityType, kind: 'backfill', requestedBy: 'subscription' });
      // A run that is under way may already be past entities that changed before the subscription existed.
      if ((await this.store.createOnce(run)) === 'underWay') await this.restart(run);
    }
    if (entityTypes.length > 0) this.runner.wake();
  }

  /** Call while the subscription does not exist: its next creation is backfilled again. */
  async forgetBackfill({ publisher, subscriber }: Subscription, entityTypes: readonly EntityType[]): Promise<void> {
    for (const entityType of entityTypes) await this.store.forgetAsked({ publisher, subscriber, entityType });
  }

  /** Repairs the replica of a service that has missed changes. A repair that is under way begins again. */
  async rebuild(
    publisher: string,
    subscriber: string,
    entityTypes: readonly EntityType[],
    requestedBy: 'expiry' | 'lost queue' = 'expiry',
  ): Promise<void> {
    for (const entityType of entityTypes) {
      const run = startRun({ publisher, subscriber, entityType, kind: 'repair', requestedBy });
      if (!(await this.store.create(run))) await this.restart(run);
    }
    this.runner.wake();
  }

  list(): Promise<ReconcileRun[]> {
    return this.store.list();
  }

  /** Runs that are not over. */
  async underWay(): Promise<ReconcileRun[]> {
    const runs = await Promise.all((await this.store.underWay()).map((id) => this.store.get(id)));
    return runs.filter((run) => run !== undefined && !isOver(run)) as ReconcileRun[];
  }

  /** @throws DbEventError RUN_UNKNOWN */
  async get(id: string): Promise<ReconcileRun> {
    const run = await this.store.get(id);
    if (run === undefined) throw new DbEventError('RUN_UNKNOWN', `There is no run "${id}"`);
    return run;
  }

  /** @throws DbEventError RUN_UNKNOWN, RUN_CONFLICT (it is over) */
  pause(id: string): Promise<ReconcileRun> {
    return this.store.change(id, (run) => ({ ...underWay(run), state: 'paused', waitingFor: null }));
  }

  async resume(id: string): Promise<ReconcileRun> {
    const run = await this.store.change(id, (present) =>
      present.state === 'paused' ? { ...present, state: 'running' } : underWay(present),
    );
    this.runner.wake();
    return run;
  }

  cancel(id: string): Promise<ReconcileRun> {
    return this.store.change(id, (run) => ({
      ...underWay(run),
      state: 'cancelled',
      endedAtMs: Date.now(),
      waitingFor: null,
    }));
  }

  schedules(): Promise<Schedule[]> {
    return this.store.schedules();
  }

  async putSchedule(schedule: Schedule): Promise<void> {
    this.checkSubscription(schedule);
    await this.store.putSchedule(schedule);
    this.runner.wake();
  }

  removeSchedule(key: RunKey): Promise<boolean> {
    return this.store.removeSchedule(key);
  }

  /** Restarts the run under way that has the key of `fallback`; if it has ended meanwhile, creates `fallback`. */
  private async restart(fallback: ReconcileRun): Promise<void> {
    for (const id of await this.store.underWay()) {
      const run = await this.store.get(id);
      if (run === undefined || textOfKey(run) !== textOfKey(fallback)) continue;
      const changed = await this.store.change(id, (present) => (isOver(present) ? present : restarted(present)));
      if (!isOver(changed)) return;
    }
    await this.store.create(fallback);
  }

  private checkSubscription({ publisher, subscriber, entityType }: RunKey): void {
    if (this.registry.map.subscribersOf(publisher, entityType).includes(subscriber)) return;
    throw new DbEventError(
      'SUBSCRIPTION_INVALID',
      `"${subscriber}" does not subscribe to ${entityType} of "${publisher}"`,
    );
  }
}

function underWay(run: ReconcileRun): ReconcileRun {
  if (!isOver(run)) return run;
  throw new DbEventError('RUN_CONFLICT', `Run "${run.id}" is over; its state is ${run.state}`);
}
