import { DbEventError, type EntityType, type Subscription } from '@dbem/db-event';
import {
  isOver,
  type ReconcileRun,
  type RunKey,
  type RunRequest,
  RunStore,
  type Schedule,
  startRun,
} from '@dbem/reconcile';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Injectable } from '@nestjs/common';
import { ReconcileRunner } from './reconcile-runner';

/** Starts runs and steers them, for the admin API, for subscriptions and for what lapses. */
@Injectable()
export class ReconcileService {
  constructor(
    private readonly store: RunStore,
    private readonly runner: ReconcileRunner,
    private readonly registry: SubscriptionRegistry,
  ) {}

  /** @throws DbEventError SUBSCRIPTION_INVALID (no such subscription), RUN_CONFLICT (one is under way), RUNS_UNAVAILABLE. */
  async request(request: RunRequest): Promise<ReconcileRun> {
    this.checkSubscription(request);
    const run = startRun(request);
    if (!(await this.store.create(run))) {
      throw new DbEventError('RUN_CONFLICT', 'A run of this publisher, subscriber and entity type is under way');
    }
    this.runner.wake();
    return run;
  }

  /**
   * A subscription has been made by a service that asks for history: once, and again when the subscription is made anew. May be
   * called again after a failure.
   */
  async backfillOnce(subscription: Subscription, entityTypes: readonly EntityType[], isNew: boolean): Promise<void> {
    const { publisher, subscriber } = subscription;
    for (const entityType of entityTypes) {
      const key: RunKey = { publisher, subscriber, entityType };
      if (isNew) await this.store.forgetAsked(key);
      await this.store.createOnce(startRun({ ...key, kind: 'backfill', requestedBy: 'subscription' }));
    }
    this.runner.wake();
  }

  /** A service has returned whose subscription had lapsed: its replica has missed changes. Nothing, if a run is under way. */
  async rebuild(publisher: string, subscriber: string, entityTypes: readonly EntityType[]): Promise<void> {
    for (const entityType of entityTypes) {
      await this.store.create(startRun({ publisher, subscriber, entityType, kind: 'repair', requestedBy: 'lapse' }));
    }
    this.runner.wake();
  }

  list(): Promise<ReconcileRun[]> {
    return this.store.list();
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
  throw new DbEventError('RUN_CONFLICT', `The run is over: ${run.state}`);
}
