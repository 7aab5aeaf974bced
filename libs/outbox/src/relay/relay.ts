import type { Lifecycle, Version } from '@dbem/db-event';
import { encodeEvent } from '@dbem/entity-codec';
import { checkpoint, Linger, type Log, PeriodicTask, SILENT_LOG } from '@dbem/runtime';
import { startEventSpan } from '@dbem/telemetry';
import { type Broker, EVENT_EXCHANGE, MANAGER_ROUTING_KEY } from '@dbem/transport';
import { SpanKind } from '@opentelemetry/api';
import type { OutboxRow, OutboxStore } from '../outbox-store.port';

const BROKER_CHECK_INTERVAL_MS = 100;

/** A claim of so many rows says that more are coming: the next one follows at once, and nobody need wake the relay. */
const BUSY_CLAIM = 10;

/** Many changes: a claim, with its transaction and all that follows down to the replicas, is for a number of them. */
const LINGER = { busyRate: 500, intervalMs: 20 };

export interface RelayOptions {
  /** The publisher's name on the wire. */
  readonly service: string;
  /** Most rows in one claim. Default: 500. */
  readonly batchSize?: number;
  /** How long a missed wake-up may go unnoticed, ms. Default: 1,000. */
  readonly pollIntervalMs?: number;
  readonly observer?: RelayObserver;
  readonly log?: Log;
}

/** About how many bytes of entities are claimed at once: large ones would else fill the memory, and wait in one long transaction. */
const CLAIM_BYTES = 8 * 1024 * 1024;
/** Rows of the first claim, when it is not known how large they are. */
const FIRST_CLAIM = 100;

/** What a relay does, for metrics and tests. */
export interface RelayObserver {
  /** The broker has confirmed so many changes, and their rows are gone. */
  published?(count: number): void;
  /** So many changes stay for the next try, or none could be claimed at all. */
  failed?(count: number, error: unknown): void;
  /** Rows have been claimed, heartbeats among them. */
  claimed?(rows: readonly OutboxRow[]): void;
  /** The broker has confirmed a row, so many ms after its claim. */
  confirmed?(row: OutboxRow, tookMs: number): void;
}

/**
 * Publishes committed changes to the event manager's queue. Any number of relays may work on one outbox.
 *
 *   idle -start-> waiting -(woken, or the poll interval is over)-> claiming -(there were many)-> claiming …
 *                    ^                                                 |
 *                    +--- few or none; or a failure: pause, growing ---+
 *   any -stop-> finishes the claim under way -> stopped
 *
 * Nothing is claimed while the broker is away: changes wait in the table, not in memory or in an open transaction.
 */
export class Relay implements Lifecycle {
  private readonly claiming: PeriodicTask;
  private readonly pace = new Linger(LINGER);
  private isStarted = false;
  private pauseMs = 0;
  /** As many as `CLAIM_BYTES` hold of what was claimed last. */
  private mostRows = FIRST_CLAIM;

  constructor(
    private readonly store: OutboxStore,
    private readonly broker: Broker,
    private readonly options: RelayOptions,
  ) {
    const { log = SILENT_LOG } = options;
    this.claiming = new PeriodicTask((stopping) => this.claim(stopping), {
      intervalMs: () => this.pauseMs,
      backoff: { initialMs: 50, maxMs: 5_000 },
      onError: (error) =>
        log.warn({ err: error }, 'could not publish changes; they stay in the outbox for the next try'),
    });
  }

  async start(): Promise<void> {
    if (this.isStarted || this.claiming.isStopped) return;
    this.isStarted = true;
    this.store.onAppended(() => this.claiming.wake());
    await this.store.start();
    await this.claiming.start();
  }

  async stop(): Promise<void> {
    await this.claiming.stop();
    await this.store.stop();
  }

  private async claim(stopping: AbortSignal): Promise<void> {
    const { batchSize = 500, pollIntervalMs = 1_000, observer } = this.options;
    if (!this.broker.health().isConnected) {
      this.store.awaitAppends(false);
      this.pauseMs = BROKER_CHECK_INTERVAL_MS;
      return;
    }
    await this.pace.nextBatch(stopping);
    const limit = Math.min(batchSize, this.mostRows);
    const { claimed, confirmed } = await this.store.claim(limit, (rows) => this.publish(rows));
    this.pace.record(claimed);
    if (confirmed > 0) observer?.published?.(confirmed);
    if (confirmed < claimed) throw new Error(`${claimed - confirmed} of ${claimed} changes were not confirmed`);
    const isBusy = claimed >= Math.min(BUSY_CLAIM, limit);
    this.store.awaitAppends(!isBusy);
    this.pauseMs = isBusy ? 0 : pollIntervalMs;
  }

  private async publish(rows: readonly OutboxRow[]): Promise<ReadonlySet<Version>> {
    checkpoint('relay.claimed');
    const bytes = rows.reduce((total, { entity }) => total + entity.length, 0);
    this.mostRows = Math.max(1, Math.floor((CLAIM_BYTES * rows.length) / Math.max(bytes, 1)));
    this.options.observer?.claimed?.(rows);
    const claimedAtMs = performance.now();
    const outcomes = await Promise.allSettled(rows.map((row) => this.publishOne(row, claimedAtMs)));
    const confirmed = new Set(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : [])));
    checkpoint('relay.published');
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) this.options.observer?.failed?.(rows.length - confirmed.size, failed.reason);
    return confirmed;
  }

  /** @returns the row's version, once the broker has confirmed it. */
  private async publishOne(row: OutboxRow, claimedAtMs: number): Promise<Version> {
    const publisher = this.options.service;
    const { traceContext = {}, ...change } = row;
    const eventId = `${publisher}:${row.version}`;
    const span = startEventSpan(traceContext, {
      name: 'publish',
      kind: SpanKind.PRODUCER,
      attributes: { 'messaging.message.id': eventId, 'dbem.entity_type': row.entityType },
    });
    try {
      await this.broker.publish({
        exchange: EVENT_EXCHANGE,
        routingKey: MANAGER_ROUTING_KEY,
        contentType: 'text/plain',
        messageId: eventId,
        headers: { ...traceContext, ...span.headers },
        body: encodeEvent({ publisher, ...change, eventId }),
      });
      span.end();
      this.options.observer?.confirmed?.(row, performance.now() - claimedAtMs);
      return row.version;
    } catch (error) {
      span.end(error);
      throw error;
    }
  }
}
