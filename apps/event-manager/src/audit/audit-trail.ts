import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { Backoff, Log, PeriodicTask, pause } from '@dbem/runtime';
import { Broker, type Consumption, type Delivery } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import type { AuditEntry, AuditOutcome, AuditRecord } from './audit-entry';
import { AuditView, type PlacedAuditEntry } from './audit-view';

const AUDIT_STREAM = 'db.event.audit';

/** Some hundred thousand entries. */
const MAX_BYTES = 128 * 1024 * 1024;
/** What can be listed. */
const MAX_LISTED = 10_000;
const WRITE_TRIES = 4;
const CHECK_INTERVAL_MS = 500;
const REGISTRATION_TIMEOUT_MS = 10_000;
const REGISTRATION_CHECK_INTERVAL_MS = 50;

/**
 * The trail of changes: a stream in the broker, which nobody can alter, which all managers write to and read, and which loses
 * its oldest part when it is full.
 *
 *   idle -start-> declaring (no broker) -> reading -(stream or connection lost)-> declaring …; any -stop-> stopped
 */
@Injectable()
export class AuditTrail implements Lifecycle {
  private readonly view = new AuditView(MAX_LISTED);
  private readonly manager = `${hostname()}-${process.pid}`;
  private readonly stopping = new AbortController();
  private consumption: Consumption | undefined;
  private readonly keeping = new PeriodicTask(() => this.declare(), {
    intervalMs: CHECK_INTERVAL_MS,
    onError: (error) => this.log.debug({ err: error }, 'could not declare the audit trail yet'),
  });

  constructor(
    private readonly broker: Broker,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.consumption ??= this.broker.consume(AUDIT_STREAM, this.read, { readFrom: () => this.view.nextOffset });
    await this.keeping.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.keeping.stop();
    await this.consumption?.stop();
  }

  get isRegistered(): boolean {
    return this.consumption?.isRegistered ?? false;
  }

  /**
   * Before a change: resolves when it is safe in the broker that the change is begun. Just after a start, or after the
   * connection came back, that takes a moment. The entry tells of it until `finish` does; for ever, if this manager dies before.
   *
   * @throws DbEventError AUDIT_UNAVAILABLE if it can't be written, and so the change must not be made.
   */
  async begin(record: Omit<AuditRecord, keyof AuditOutcome>): Promise<AuditEntry> {
    await this.ensureWritable();
    const entry = this.entryOf({ ...record, result: 'begun', outcome: 'unknown' });
    try {
      await this.write(entry);
    } catch (error) {
      throw unavailable(error);
    }
    return entry;
  }

  /** After a change that was begun; as `record`, under the same id, so that it takes the place of what was begun. */
  async finish(begun: AuditEntry, outcome: AuditOutcome): Promise<void> {
    await this.append({ ...begun, ...outcome });
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
   * What needs no begin, for nothing was changed, or what changed it comes again if we die. Resolves when the entry is safe in the broker. One that can't be written, though it is tried several
   * times, is written to the log: the change is made already.
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
    for (let tries = 1; ; tries += 1) {
      try {
        await this.write(entry);
        return;
      } catch (error) {
        if (tries >= WRITE_TRIES) {
          this.log.error({ err: error, entry }, 'could not write this entry to the audit trail');
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

  /** See `AuditView.list`. An entry of this or another manager shows up some milliseconds after it was recorded. */
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
  const reason = 'Nothing is changed while the audit trail in the broker can’t be written';
  return new DbEventError('AUDIT_UNAVAILABLE', reason, { retryable: true, cause });
}

/** Undefined for what is no entry: somebody else's message, or one of a later version that we can't read. */
function entryOf(body: Buffer): AuditEntry | undefined {
  try {
    const entry = JSON.parse(body.toString('utf8')) as AuditEntry;
    return typeof entry.action === 'string' && typeof entry.who.name === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}
