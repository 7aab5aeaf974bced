import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { Backoff, Log, PeriodicTask, pause } from '@dbem/runtime';
import { Broker, type Consumption, type Delivery } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import type { AuditEntry, AuditOutcome, AuditRecord } from './audit-entry';
import { AuditView, type PlacedAuditEntry } from './audit-view';

const AUDIT_STREAM = 'db.event.audit';

/** Several hundred thousand entries. */
const MAX_BYTES = 128 * 1024 * 1024;
const MAX_LISTED = 10_000;
const MAX_WRITE_ATTEMPTS = 4;
const CHECK_INTERVAL_MS = 500;
const REGISTRATION_TIMEOUT_MS = 10_000;
const REGISTRATION_CHECK_INTERVAL_MS = 50;

/**
 * The audit trail: an append-only stream in the broker, which all managers write and read. When it is full, the
 * broker deletes its oldest segment.
 *
 *   idle -start-> declaring (no broker) -> reading -(stream or connection lost)-> declaring …; any -stop-> stopped
 */
@Injectable()
export class AuditTrail implements Lifecycle {
  private readonly view = new AuditView(MAX_LISTED);
  private readonly manager = `${hostname()}-${process.pid}`;
  private readonly stopping = new AbortController();
  private consumption: Consumption | undefined;
  private readonly declaring = new PeriodicTask(() => this.declare(), {
    intervalMs: CHECK_INTERVAL_MS,
    onError: (error) => this.log.debug({ err: error }, 'could not declare the audit trail; retrying'),
  });

  constructor(
    private readonly broker: Broker,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.consumption ??= this.broker.consume(AUDIT_STREAM, this.read, { readFrom: () => this.view.nextOffset });
    await this.declaring.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.declaring.stop();
    await this.consumption?.stop();
  }

  get isRegistered(): boolean {
    return this.consumption?.isRegistered ?? false;
  }

  /**
   * Call before a change. Resolves when the broker has stored the entry, which takes a moment after a start or a
   * reconnect. The entry stays `started` until `finish` replaces it, or permanently if this manager dies before that.
   *
   * @throws DbEventError AUDIT_UNAVAILABLE if the entry can't be written; the change must not be made then.
   */
  async begin(record: Omit<AuditRecord, keyof AuditOutcome>): Promise<AuditEntry> {
    await this.ensureWritable();
    const entry = this.entryOf({ ...record, result: 'started', outcome: 'unknown' });
    try {
      await this.write(entry);
    } catch (error) {
      throw unavailable(error);
    }
    return entry;
  }

  /** Call after the change; like `record`, except that the entry replaces the started one, which has the same id. */
  async finish(started: AuditEntry, outcome: AuditOutcome): Promise<void> {
    await this.append({ ...started, ...outcome });
  }

  private async ensureWritable(): Promise<void> {
    const deadlineMs = Date.now() + REGISTRATION_TIMEOUT_MS;
    while (this.broker.health().isConnected && !this.stopping.signal.aborted && Date.now() < deadlineMs) {
      if (this.isRegistered) return;
      await pause(REGISTRATION_CHECK_INTERVAL_MS, this.stopping.signal);
    }
    throw unavailable();
  }

  /**
   * Records an outcome that needs no `begin`: either nothing was changed, or the request is delivered again if this
   * manager dies. Resolves when the broker has stored the entry. If that fails repeatedly, writes the entry to the
   * log and resolves, because the change has been made.
   */
  async record(record: AuditRecord): Promise<void> {
    await this.append(this.entryOf(record));
  }

  private entryOf({ address, ...record }: AuditRecord): AuditEntry {
    return {
      id: randomUUID(),
      at: new Date().toISOString(),
      from: { ...(address !== undefined && { address }), manager: this.manager },
      ...record,
    };
  }

  private async append(entry: AuditEntry): Promise<void> {
    const backoff = new Backoff({ initialMs: 100, maxMs: 1_000 });
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.write(entry);
        return;
      } catch (error) {
        if (attempt >= MAX_WRITE_ATTEMPTS) {
          this.log.error({ err: error, entry }, 'could not write an entry to the audit trail');
          return;
        }
        await pause(backoff.next());
      }
    }
  }

  private async write(entry: AuditEntry): Promise<void> {
    await this.broker.publish({
      exchange: '',
      routingKey: AUDIT_STREAM,
      contentType: 'application/json',
      messageId: entry.id,
      body: Buffer.from(JSON.stringify(entry)),
    });
  }

  /** See `AuditView.list`. An entry of this or another manager appears some milliseconds after it was recorded. */
  list(limit: number, before: number | undefined, matches: (entry: AuditEntry) => boolean): PlacedAuditEntry[] {
    return this.view.list(limit, before, matches);
  }

  private readonly read = async (deliveries: readonly Delivery[]): Promise<void> => {
    for (const { offset, body } of deliveries) {
      if (offset !== undefined) this.view.add(offset, entryOf(body));
    }
  };

  private async declare(): Promise<void> {
    if (this.isRegistered) return;
    const isMissing = (await this.broker.topology.inspectQueue(AUDIT_STREAM)) === undefined;
    await this.broker.topology.declareStream({ name: AUDIT_STREAM, maxBytes: MAX_BYTES });
    if (isMissing) this.view.forget();
  }
}

function unavailable(cause?: unknown): DbEventError {
  const reason = 'The audit trail in the broker can’t be written, so the change was not made; retry later';
  return new DbEventError('AUDIT_UNAVAILABLE', reason, { retryable: true, cause });
}

/** Undefined if the message is not an entry: foreign, or of a later version that this one can't read. */
function entryOf(body: Buffer): AuditEntry | undefined {
  try {
    const entry = JSON.parse(body.toString('utf8')) as AuditEntry;
    return typeof entry.action === 'string' && typeof entry.who.name === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}
