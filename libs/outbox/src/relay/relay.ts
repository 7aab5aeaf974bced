import type { Lifecycle, Version } from '@dbem/db-event';
import { encodeEvent } from '@dbem/entity-codec';
import { checkpoint, Linger, type Log, PeriodicTask, SILENT_LOG } from '@dbem/runtime';
import { type EventSpan, startEventSpan } from '@dbem/telemetry';
import { type Broker, type ElementContent, publishEvents } from '@dbem/transport';
import { SpanKind } from '@opentelemetry/api';
import type { OutboxRow, OutboxStore } from '../outbox-store.port';

const BROKER_CHECK_INTERVAL_MS = 100;

/**
 * After a claim of this many rows more are likely: the next claim follows at once, and appends need not wake the relay.
 * The same applies to a full claim.
 */
const BUSY_CLAIM = 10;

/** Under load, batches changes: a claim costs a transaction, and smaller batches all the way to the replicas. */
const LINGER = { busyRate: 500, intervalMs: 20 };

export interface RelayOptions {
  /** The publisher's name on the wire. */
  readonly service: string;
  /** Maximum rows per claim. Default: 500. */
  readonly batchSize?: number;
  /** How long a missed wake-up can delay a change, ms. Default: 1,000. */
  readonly pollIntervalMs?: number;
  readonly observer?: RelayObserver;
  readonly log?: Log;
}

interface Publishing {
  readonly row: OutboxRow;
  readonly span: EventSpan;
  readonly event: ElementContent;
}

/** Maximum bytes of entities per claim: bounds the memory and the transaction when entities are large. */
const CLAIM_BYTES = 8 * 1024 * 1024;

/** Observes a relay, for metrics and tests. */
export interface RelayObserver {
  /** The broker has confirmed `count` changes, and their rows have been deleted. */
  published?(count: number): void;
  /** `count` changes were not confirmed and stay in the outbox. */
  failed?(count: number, error: unknown): void;
  /** Rows have been claimed, including heartbeats. */
  claimed?(rows: readonly OutboxRow[]): void;
  /** The broker has confirmed a row, `tookMs` after its claim. */
  confirmed?(row: OutboxRow, tookMs: number): void;
}

/**
 * Publishes committed changes to the event managers, in batches. Any number of relays may work on one outbox.
 *
 *   idle -start-> waiting -(woken, or poll interval over)-> claiming -(many rows)-> claiming …
 *                    ^                                          |
 *                    +--- few or no rows; failure: backoff -----+
 *   any -stop-> finishes the current claim -> stopped
 *
 * Nothing is claimed while the broker is unavailable: changes wait in the table, not in memory or in an open
 * transaction.
 */
export class Relay implements Lifecycle {
  private readonly claiming: PeriodicTask;
  private readonly linger = new Linger(LINGER);
  private isStarted = false;
  private pauseMs = 0;

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
        log.warn({ err: error }, 'could not publish changes; they stay in the outbox and are retried'),
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
    await this.linger.nextBatch(stopping);
    const limits = { rows: batchSize, bytes: CLAIM_BYTES };
    const { claimed, confirmed, isFull } = await this.store.claim(limits, (rows) => this.publish(rows));
    this.linger.record(claimed);
    if (confirmed > 0) observer?.published?.(confirmed);
    if (confirmed < claimed) throw new Error(`${claimed - confirmed} of ${claimed} changes were not confirmed`);
    const isBusy = isFull || claimed >= BUSY_CLAIM;
    this.store.awaitAppends(!isBusy);
    this.pauseMs = isBusy ? 0 : pollIntervalMs;
  }

  private async publish(rows: readonly OutboxRow[]): Promise<ReadonlySet<Version>> {
    checkpoint('relay.claimed');
    this.options.observer?.claimed?.(rows);
    const claimedAtMs = performance.now();
    const publishing = rows.map((row) => this.begin(row));
    const outcomes = await publishEvents(
      this.broker,
      publishing.map(({ event }) => event),
    );
    const tookMs = performance.now() - claimedAtMs;
    const confirmed = new Set<Version>();
    for (const [index, outcome] of outcomes.entries()) {
      const { row, span } = publishing[index] as Publishing;
      span.end(outcome);
      if (outcome !== undefined) continue;
      confirmed.add(row.version);
      this.options.observer?.confirmed?.(row, tookMs);
    }
    checkpoint('relay.published');
    const failed = outcomes.find((outcome) => outcome !== undefined);
    if (failed !== undefined) this.options.observer?.failed?.(rows.length - confirmed.size, failed);
    return confirmed;
  }

  private begin(row: OutboxRow): Publishing {
    const publisher = this.options.service;
    const { traceContext = {}, ...change } = row;
    const eventId = `${publisher}:${row.version}`;
    const span = startEventSpan(traceContext, {
      name: 'publish',
      kind: SpanKind.PRODUCER,
      attributes: { 'messaging.message.id': eventId, 'dbem.entity_type': row.entityType },
    });
    const event = {
      messageId: eventId,
      headers: { ...traceContext, ...span.headers },
      body: encodeEvent({ publisher, ...change, eventId }),
    };
    return { row, span, event };
  }
}
