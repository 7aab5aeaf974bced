import { DbEventError, type EntityType, type Lifecycle, type Subscription } from '@dbem/db-event';
import { decodeReply, encodeSubscriptionRequest, type SubscriptionRequest } from '@dbem/entity-codec';
import { ABORTED, Backoff, type Log, pause, SILENT_LOG, unlessAborted } from '@dbem/runtime';
import { BATCH_VERSION, type Broker, intakeMessage } from '@dbem/transport';

export interface SubscriptionState {
  readonly subscription: Subscription;
  /** `refused`: rejected by the event manager as not retryable; it is requested again every minute all the same. */
  readonly status: 'pending' | 'subscribed' | 'refused' | 'unsubscribed';
  readonly reason?: string;
  /**
   * When the subscription expired because the service was away for too long, ms since 1970. Events after that are
   * missing from the replica until it is rebuilt.
   */
  readonly expiredSinceMs?: number;
}

/**
 * Rebuilds the replica after an expiry, or durably ensures that it will be rebuilt. Until it resolves, the event
 * manager keeps the expiry, so that it is called again after a crash. Called in every instance of the service, possibly
 * several times.
 */
export type ExpiryListener = (subscription: Subscription, expiredSinceMs: number) => Promise<void>;

/** Fields of an accepting reply. */
type Accepted = Pick<SubscriptionState, 'expiredSinceMs'>;

export interface SubscriptionClientOptions {
  readonly service: string;
  /**
   * Timeout of the first request, ms. Doubles with each retry, up to 30 s, which is longer than a rollout to all event
   * managers takes. A repeated request that was already carried out gets its reply at once. Default: 3,000.
   */
  readonly requestTimeoutMs?: number;
  /** Called when the event manager has accepted. If it rejects, the request is sent again. */
  readonly onAccepted?: (publisher: string, action: SubscriptionRequest['action']) => Promise<void>;
  /** The entity types of a publisher for which a backfill is requested. Default: none. */
  readonly backfillOf?: (publisher: string) => readonly EntityType[];
  readonly log?: Log;
}

const MAX_REQUEST_TIMEOUT_MS = 30_000;

/** Delay before a rejected, non-retryable request is sent again. */
const REFUSED_PAUSE_MS = 60_000;
/** Delay before a failed expiry listener is called again. */
const REBUILD_PAUSE_MS = 5_000;

/**
 * Requests the service's subscriptions from the event manager, and repeats each request until it is accepted.
 *
 *   pending -accepted-> subscribed -unsubscribe-> pending -accepted-> unsubscribed -subscribe-> pending …
 *      |  ^
 *      |  +- no broker, no manager, timeout or retryable rejection: retry with backoff
 *      +- other rejection -> refused, retry after a minute
 */
export class SubscriptionClient implements Lifecycle {
  private readonly byPublisher = new Map<string, SubscriptionState>();
  private readonly requests = new Map<string, AbortController>();
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
    for (const request of this.requests.values()) request.abort();
    await Promise.all(this.running);
  }

  get states(): readonly SubscriptionState[] {
    return [...this.byPublisher.values()];
  }

  /** To be called before `start`. Without a listener the expiry is never cleared in the event manager. */
  onExpired(listener: ExpiryListener): void {
    this.expiryListener = listener;
  }

  /** Requests all current subscriptions again. To be called when the service's queue was deleted. */
  resubscribe(): void {
    for (const { subscription, status } of this.states) if (status === 'subscribed') void this.subscribe(subscription);
  }

  /** Whether every request is accepted. */
  get areAllAccepted(): boolean {
    return this.states.every(({ status }) => status === 'subscribed' || status === 'unsubscribed');
  }

  /** The subscription that the handlers need; undefined if no handler is for this publisher. */
  declaredFor(publisher: string): Subscription | undefined {
    return this.declared.find((subscription) => subscription.publisher === publisher);
  }

  /** Resolves when the event manager has accepted, `stop` is called, or a newer call for this publisher replaces it. */
  subscribe(subscription: Subscription): Promise<void> {
    return this.request(subscription, 'SUBSCRIBE', 'subscribed');
  }

  /** Resolves like `subscribe`. Events that are already in the queue are still applied. */
  unsubscribe(subscription: Subscription): Promise<void> {
    return this.request(subscription, 'UNSUBSCRIBE', 'unsubscribed');
  }

  private request(
    subscription: Subscription,
    action: SubscriptionRequest['action'],
    target: SubscriptionState['status'],
  ): Promise<void> {
    const { publisher } = subscription;
    this.requests.get(publisher)?.abort();
    const replaced = new AbortController();
    this.requests.set(publisher, replaced);
    this.byPublisher.set(publisher, { subscription, status: 'pending' });
    const request = this.requestUntilAccepted(subscription, action, target, replaced.signal).finally(() => {
      this.running.delete(request);
    });
    this.running.add(request);
    return request;
  }

  private async requestUntilAccepted(
    subscription: Subscription,
    action: SubscriptionRequest['action'],
    target: SubscriptionState['status'],
    replaced: AbortSignal,
  ): Promise<void> {
    const backoff = new Backoff({ initialMs: 100, maxMs: 5_000 });
    const ended = AbortSignal.any([replaced, this.stopping.signal]);
    let timeoutMs = this.options.requestTimeoutMs ?? 3_000;
    while (!ended.aborted) {
      const outcome = await unlessAborted(this.requestOnce(subscription, action, timeoutMs), ended);
      if (ended.aborted || outcome === ABORTED) return;
      if (!(outcome instanceof DbEventError)) {
        this.byPublisher.set(subscription.publisher, { subscription, status: target, ...outcome });
        this.log.info({ ...subscription, action }, 'subscription request accepted');
        if (outcome.expiredSinceMs !== undefined) this.rebuild(subscription, outcome.expiredSinceMs, replaced);
        return;
      }
      const error = outcome;
      if (error.code === 'REQUEST_TIMEOUT') timeoutMs = Math.min(timeoutMs * 2, MAX_REQUEST_TIMEOUT_MS);
      const status = error.retryable ? 'pending' : 'refused';
      this.byPublisher.set(subscription.publisher, { subscription, status, reason: error.message });
      const details = { ...subscription, action, err: error };
      if (error.retryable) this.log.debug(details, 'subscription request not accepted yet; retrying');
      else this.log.error(details, 'subscription request rejected');
      await pause(error.retryable ? backoff.next() : REFUSED_PAUSE_MS, ended);
    }
  }

  private async requestOnce(
    subscription: Subscription,
    action: SubscriptionRequest['action'],
    timeoutMs: number,
  ): Promise<DbEventError | Accepted> {
    const reply = await this.send(subscription, action, timeoutMs);
    return reply instanceof DbEventError ? reply : ((await this.notifyAccepted(subscription, action)) ?? reply);
  }

  private rebuild(subscription: Subscription, sinceMs: number, replaced: AbortSignal): void {
    const details = { ...subscription, expiredSinceMs: sinceMs };
    this.log.warn(details, 'subscription had expired; events are missing from the replica');
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
    const ended = AbortSignal.any([replaced, this.stopping.signal]);
    let isRebuilt = false;
    while (!ended.aborted) {
      try {
        // A stop does not wait for the listener, which may take long: it is called again after the next start.
        if (!isRebuilt) await unlessAborted(listener(subscription, sinceMs), ended);
        if (ended.aborted) return;
        isRebuilt = true;
        const reply = await this.send(subscription, 'SUBSCRIBE', MAX_REQUEST_TIMEOUT_MS, sinceMs);
        if (!(reply instanceof DbEventError)) {
          if (!ended.aborted)
            this.byPublisher.set(subscription.publisher, { subscription, status: 'subscribed', ...reply });
          return;
        }
      } catch (error) {
        this.log.error({ ...subscription, err: error }, 'could not rebuild the replica after an expiry; retrying');
      }
      await pause(REBUILD_PAUSE_MS, ended);
    }
  }

  private async send(
    subscription: Subscription,
    action: SubscriptionRequest['action'],
    timeoutMs: number,
    rebuiltSinceMs?: number,
  ): Promise<DbEventError | Accepted> {
    const backfill = action === 'SUBSCRIBE' ? (this.options.backfillOf?.(subscription.publisher) ?? []) : [];
    try {
      const { body } = await this.broker.request(
        intakeMessage({
          body: encodeSubscriptionRequest({
            ...subscription,
            action,
            declareQueue: true,
            heartbeats: true,
            messageFormat: BATCH_VERSION,
            ...(backfill.length > 0 && { backfill }),
            rebuiltSinceMs,
          }),
        }),
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

  private async notifyAccepted(
    { publisher }: Subscription,
    action: SubscriptionRequest['action'],
  ): Promise<DbEventError | undefined> {
    try {
      await this.options.onAccepted?.(publisher, action);
      return undefined;
    } catch (cause) {
      return new DbEventError('SUBSCRIPTION_INVALID', `Could not record the accepted subscription: ${cause}`, {
        retryable: true,
        cause,
      });
    }
  }

  private get log(): Log {
    return this.options.log ?? SILENT_LOG;
  }
}
