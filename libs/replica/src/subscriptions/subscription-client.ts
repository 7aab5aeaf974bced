import { DbEventError, type EntityType, type Lifecycle, type Subscription } from '@dbem/db-event';
import { decodeReply, encodeSubscriptionRequest, type SubscriptionRequest } from '@dbem/entity-codec';
import { ABORTED, Backoff, type Log, pause, SILENT_LOG, unlessAborted } from '@dbem/runtime';
import { type Broker, EVENT_EXCHANGE, MANAGER_ROUTING_KEY } from '@dbem/transport';

export interface SubscriptionState {
  readonly subscription: Subscription;
  /** `refused`: the event manager says that asking again does not help; it is asked again all the same, now and then. */
  readonly status: 'pending' | 'subscribed' | 'refused' | 'unsubscribed';
  readonly reason?: string;
  /**
   * The subscription had expired at this time (ms since 1970), for the service stayed away for too long: events since then are missing
   * from the replica, until the service has rebuilt itself.
   */
  readonly expiredSinceMs?: number;
}

/**
 * Rebuilds the replica after a expiry, or sees to it durably that it will be. While it has not resolved, the event manager remembers
 * the expiry, so that a crash in between leads here again. Every instance of the service is told; may be called again.
 */
export type ExpiryListener = (subscription: Subscription, expiredSinceMs: number) => Promise<void>;

/** What an accepting answer says besides. */
type Accepted = Pick<SubscriptionState, 'expiredSinceMs'>;

export interface SubscriptionClientOptions {
  readonly service: string;
  /**
   * How long the first answer is waited for, ms; twice as long with each try, up to 30 s, which is longer than the event managers
   * take to agree. A request that was carried out is answered at once when it comes again. Default: 3,000.
   */
  readonly requestTimeoutMs?: number;
  /** Called when the event manager has accepted. If it rejects, the request is made again. */
  readonly onAccepted?: (publisher: string, action: SubscriptionRequest['action']) => Promise<void>;
  /** The entity types of a publisher of which history is asked for. Default: none. */
  readonly backfillOf?: (publisher: string) => readonly EntityType[];
  readonly log?: Log;
}

const MAX_REQUEST_TIMEOUT_MS = 30_000;

/** Between tries of a request that was refused for good. */
const REFUSED_PAUSE_MS = 60_000;
/** Between tries of a listener that could not begin to rebuild. */
const REBUILD_PAUSE_MS = 5_000;

/**
 * Sends the service's subscriptions to the event manager, each until it is accepted.
 *
 *   pending -accepted-> subscribed -unsubscribe-> pending -accepted-> unsubscribed -subscribe-> pending …
 *      |  ^
 *      |  +- no broker, no manager, no answer, refused for now: again after a growing pause
 *      +- refused for good -> refused, again after a minute
 */
export class SubscriptionClient implements Lifecycle {
  private readonly byPublisher = new Map<string, SubscriptionState>();
  private readonly underWay = new Map<string, AbortController>();
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private expiryListener: ExpiryListener | undefined;

  constructor(
    private readonly broker: Broker,
    private readonly declared: readonly Subscription[],
    private readonly options: SubscriptionClientOptions,
  ) {}

  /** Does not wait for the event manager: see `states`. */
  async start(): Promise<void> {
    for (const subscription of this.declared) void this.subscribe(subscription);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    for (const request of this.underWay.values()) request.abort();
    await Promise.all(this.running);
  }

  get states(): readonly SubscriptionState[] {
    return [...this.byPublisher.values()];
  }

  /** Before `start`. Without a listener the event manager goes on saying that the subscription had expired. */
  onExpired(listener: ExpiryListener): void {
    this.expiryListener = listener;
  }

  /** Asks again for what is subscribed: the service's queue is gone. */
  askAgain(): void {
    for (const { subscription, status } of this.states) if (status === 'subscribed') void this.subscribe(subscription);
  }

  /** Every subscription that is wanted is made. */
  get isSettled(): boolean {
    return this.states.every(({ status }) => status === 'subscribed' || status === 'unsubscribed');
  }

  /** The subscription that the handlers ask for; undefined if none handles this publisher. */
  declaredFor(publisher: string): Subscription | undefined {
    return this.declared.find((subscription) => subscription.publisher === publisher);
  }

  /** Resolves when the event manager has accepted, this is stopped, or a newer call for the same publisher replaces it. */
  subscribe(subscription: Subscription): Promise<void> {
    return this.pursue(subscription, 'SUBSCRIBE', 'subscribed');
  }

  /** Resolves like `subscribe`. What waits in the queue is still applied. */
  unsubscribe(subscription: Subscription): Promise<void> {
    return this.pursue(subscription, 'UNSUBSCRIBE', 'unsubscribed');
  }

  private pursue(
    subscription: Subscription,
    action: SubscriptionRequest['action'],
    aim: SubscriptionState['status'],
  ): Promise<void> {
    const { publisher } = subscription;
    this.underWay.get(publisher)?.abort();
    const replaced = new AbortController();
    this.underWay.set(publisher, replaced);
    this.byPublisher.set(publisher, { subscription, status: 'pending' });
    const pursuit = this.askUntilAccepted(subscription, action, aim, replaced.signal).finally(() => {
      this.running.delete(pursuit);
    });
    this.running.add(pursuit);
    return pursuit;
  }

  private async askUntilAccepted(
    subscription: Subscription,
    action: SubscriptionRequest['action'],
    aim: SubscriptionState['status'],
    replaced: AbortSignal,
  ): Promise<void> {
    const backoff = new Backoff({ initialMs: 100, maxMs: 5_000 });
    const over = AbortSignal.any([replaced, this.stopping.signal]);
    let timeoutMs = this.options.requestTimeoutMs ?? 3_000;
    while (!over.aborted) {
      const outcome = await unlessAborted(this.tryOnce(subscription, action, timeoutMs), over);
      if (over.aborted || outcome === ABORTED) return;
      if (!(outcome instanceof DbEventError)) {
        this.byPublisher.set(subscription.publisher, { subscription, status: aim, ...outcome });
        this.log.info({ ...subscription, action }, 'the event manager has accepted');
        if (outcome.expiredSinceMs !== undefined) this.rebuild(subscription, outcome.expiredSinceMs, replaced);
        return;
      }
      const error = outcome;
      if (error.code === 'REQUEST_TIMEOUT') timeoutMs = Math.min(timeoutMs * 2, MAX_REQUEST_TIMEOUT_MS);
      const status = error.retryable ? 'pending' : 'refused';
      this.byPublisher.set(subscription.publisher, { subscription, status, reason: error.message });
      if (error.retryable) this.log.debug({ err: error, ...subscription }, 'the event manager has not accepted yet');
      else this.log.error({ err: error, ...subscription }, 'the event manager refuses');
      await pause(error.retryable ? backoff.next() : REFUSED_PAUSE_MS, over);
    }
  }

  private async tryOnce(
    subscription: Subscription,
    action: SubscriptionRequest['action'],
    timeoutMs: number,
  ): Promise<DbEventError | Accepted> {
    const answer = await this.ask(subscription, action, timeoutMs);
    return answer instanceof DbEventError ? answer : ((await this.tell(subscription, action)) ?? answer);
  }

  private rebuild(subscription: Subscription, sinceMs: number, replaced: AbortSignal): void {
    this.log.warn({ ...subscription, expiredSinceMs: sinceMs }, 'the subscription had expired: events are missing');
    const { expiryListener } = this;
    if (expiryListener === undefined) return;
    const rebuilding = this.rebuildAndReport(subscription, sinceMs, expiryListener, replaced).finally(() => {
      this.running.delete(rebuilding);
    });
    this.running.add(rebuilding);
  }

  private async rebuildAndReport(
    subscription: Subscription,
    sinceMs: number,
    listener: ExpiryListener,
    replaced: AbortSignal,
  ): Promise<void> {
    const over = AbortSignal.any([replaced, this.stopping.signal]);
    let isRebuilt = false;
    while (!over.aborted) {
      try {
        // Its work is the listener's own: a stop does not wait for it, and the next start is told again.
        if (!isRebuilt) await unlessAborted(listener(subscription, sinceMs), over);
        if (over.aborted) return;
        isRebuilt = true;
        const answer = await this.ask(subscription, 'SUBSCRIBE', MAX_REQUEST_TIMEOUT_MS, sinceMs);
        if (!(answer instanceof DbEventError)) {
          if (!over.aborted)
            this.byPublisher.set(subscription.publisher, { subscription, status: 'subscribed', ...answer });
          return;
        }
      } catch (error) {
        this.log.error({ err: error, ...subscription }, 'could not rebuild after a expiry; trying again');
      }
      await pause(REBUILD_PAUSE_MS, over);
    }
  }

  private async ask(
    subscription: Subscription,
    action: SubscriptionRequest['action'],
    timeoutMs: number,
    rebuiltSinceMs?: number,
  ): Promise<DbEventError | Accepted> {
    const backfill = action === 'SUBSCRIBE' ? (this.options.backfillOf?.(subscription.publisher) ?? []) : [];
    try {
      const { body } = await this.broker.request(
        {
          exchange: EVENT_EXCHANGE,
          routingKey: MANAGER_ROUTING_KEY,
          contentType: 'text/plain',
          body: encodeSubscriptionRequest({
            ...subscription,
            action,
            declareQueue: true,
            heartbeats: true,
            ...(backfill.length > 0 && { backfill }),
            rebuiltSinceMs,
          }),
        },
        { timeoutMs },
      );
      const reply = decodeReply(body);
      if (reply.status === 'ACCEPTED') {
        return reply.expiredSinceMs === undefined ? {} : { expiredSinceMs: reply.expiredSinceMs };
      }
      return new DbEventError('SUBSCRIPTION_INVALID', `${reply.code}: ${reply.reason}`, { retryable: reply.retryable });
    } catch (error) {
      if (error instanceof DbEventError) return error;
      throw error;
    }
  }

  private async tell(
    { publisher }: Subscription,
    action: SubscriptionRequest['action'],
  ): Promise<DbEventError | undefined> {
    try {
      await this.options.onAccepted?.(publisher, action);
      return undefined;
    } catch (cause) {
      return new DbEventError('SUBSCRIPTION_INVALID', `Could not note what the event manager accepted: ${cause}`, {
        retryable: true,
        cause,
      });
    }
  }

  private get log(): Log {
    return this.options.log ?? SILENT_LOG;
  }
}
