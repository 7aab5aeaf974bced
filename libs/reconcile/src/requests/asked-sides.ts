import {
  type AskOptions,
  ComparedReplicaMethods,
  type CutRanges,
  type Ghost,
  type KeyRange,
  type LookedAt,
  type RangeDigest,
  type ReplicaDescription,
  type RequestClient,
  type RowDigest,
  type RowToSend,
  type Sent,
  type SentOfRange,
  type SourceDescription,
  SourceMethods,
} from '@dbem/transport';
import type { RunKey } from '../run/reconcile-run';
import { ReplicaSide, SourceSide } from '../run/sides.port';

/** Longer than a service waits for a lock. */
const OPTIONS: AskOptions = { timeoutMs: 30_000 };

/** The publisher's side of a run, in the publisher's process. */
export class AskedSourceSide extends SourceSide {
  constructor(
    private readonly client: RequestClient,
    private readonly key: RunKey,
  ) {
    super();
  }

  describe(): Promise<SourceDescription> {
    const { publisher, entityType } = this.key;
    return this.client.ask(publisher, SourceMethods.describe, { entityType }, OPTIONS);
  }

  cut(fields: readonly string[], range: KeyRange, rows: number, limit: number): Promise<CutRanges> {
    const { publisher, entityType } = this.key;
    return this.client.ask(publisher, SourceMethods.cut, { entityType, fields, range, rows, limit }, OPTIONS);
  }

  rows(fields: readonly string[], range: KeyRange, limit: number): Promise<readonly RowDigest[]> {
    const { publisher, entityType } = this.key;
    return this.client.ask(publisher, SourceMethods.rows, { entityType, fields, range, limit }, OPTIONS);
  }

  look(fields: readonly string[], entityIds: readonly string[]): Promise<readonly LookedAt[]> {
    const { publisher, entityType } = this.key;
    return this.client.ask(publisher, SourceMethods.look, { entityType, fields, entityIds }, OPTIONS);
  }

  sendRange(range: KeyRange, limit: number): Promise<SentOfRange> {
    const { publisher, subscriber: recipient, entityType } = this.key;
    return this.client.ask(publisher, SourceMethods.sendRange, { entityType, recipient, range, limit }, OPTIONS);
  }

  sendRows(rows: readonly RowToSend[]): Promise<Sent> {
    const { publisher, subscriber: recipient, entityType } = this.key;
    return this.client.ask(publisher, SourceMethods.sendRows, { entityType, recipient, rows }, OPTIONS);
  }

  bury(fields: readonly string[], ghosts: readonly Ghost[]): Promise<Sent> {
    const { publisher, subscriber: recipient, entityType } = this.key;
    return this.client.ask(publisher, SourceMethods.bury, { entityType, recipient, fields, ghosts }, OPTIONS);
  }
}

/** The replica's side of a run, in the subscriber's process. */
export class AskedReplicaSide extends ReplicaSide {
  constructor(
    private readonly client: RequestClient,
    private readonly key: RunKey,
  ) {
    super();
  }

  describe(): Promise<ReplicaDescription> {
    const { publisher, subscriber, entityType } = this.key;
    return this.client.ask(subscriber, ComparedReplicaMethods.describe, { publisher, entityType }, OPTIONS);
  }

  digest(fields: readonly string[], ranges: readonly KeyRange[]): Promise<readonly RangeDigest[]> {
    const { publisher, subscriber, entityType } = this.key;
    const bare = ranges.map(({ after, to }) => ({ after, to }));
    const query = { publisher, entityType, fields, ranges: bare };
    return this.client.ask(subscriber, ComparedReplicaMethods.digest, query, OPTIONS);
  }

  rows(fields: readonly string[], range: KeyRange, limit: number): Promise<readonly RowDigest[]> {
    const { publisher, subscriber, entityType } = this.key;
    const query = { publisher, entityType, fields, range, limit };
    return this.client.ask(subscriber, ComparedReplicaMethods.rows, query, OPTIONS);
  }

  look(fields: readonly string[], entityIds: readonly string[]): Promise<readonly LookedAt[]> {
    const { publisher, subscriber, entityType } = this.key;
    return this.client.ask(
      subscriber,
      ComparedReplicaMethods.look,
      { publisher, entityType, fields, entityIds },
      OPTIONS,
    );
  }
}
