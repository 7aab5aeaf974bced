import {
  type AskOptions,
  ComparedReplicaMethods,
  type KeyRange,
  type Orphan,
  type RangeDigest,
  type ReadState,
  type ReplicaDescription,
  type RequestClient,
  type RowDigest,
  type RowToSend,
  type SendRangeResult,
  type SendResult,
  type SourceDescription,
  SourceMethods,
  type SplitRanges,
} from '@dbem/transport';
import { ReplicaEndpoint, SourceEndpoint } from '../run/endpoints.port';
import type { RunKey } from '../run/reconcile-run';

/** Longer than a service's lock timeout. */
const OPTIONS: AskOptions = { timeoutMs: 30_000 };

/** A run's source, in the publisher's process. */
export class RemoteSourceEndpoint extends SourceEndpoint {
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

  split(fields: readonly string[], range: KeyRange, rows: number, limit: number): Promise<SplitRanges> {
    const { publisher, entityType } = this.key;
    return this.client.ask(publisher, SourceMethods.split, { entityType, fields, range, rows, limit }, OPTIONS);
  }

  rows(fields: readonly string[], range: KeyRange, limit: number): Promise<readonly RowDigest[]> {
    const { publisher, entityType } = this.key;
    return this.client.ask(publisher, SourceMethods.rows, { entityType, fields, range, limit }, OPTIONS);
  }

  readStates(fields: readonly string[], entityIds: readonly string[]): Promise<readonly ReadState[]> {
    const { publisher, entityType } = this.key;
    return this.client.ask(publisher, SourceMethods.readStates, { entityType, fields, entityIds }, OPTIONS);
  }

  sendRange(range: KeyRange, limit: number): Promise<SendRangeResult> {
    const { publisher, subscriber: recipient, entityType } = this.key;
    return this.client.ask(publisher, SourceMethods.sendRange, { entityType, recipient, range, limit }, OPTIONS);
  }

  sendRows(rows: readonly RowToSend[]): Promise<SendResult> {
    const { publisher, subscriber: recipient, entityType } = this.key;
    return this.client.ask(publisher, SourceMethods.sendRows, { entityType, recipient, rows }, OPTIONS);
  }

  deleteOrphans(fields: readonly string[], orphans: readonly Orphan[]): Promise<SendResult> {
    const { publisher, subscriber: recipient, entityType } = this.key;
    return this.client.ask(publisher, SourceMethods.deleteOrphans, { entityType, recipient, fields, orphans }, OPTIONS);
  }
}

/** A run's replica, in the subscriber's process. */
export class RemoteReplicaEndpoint extends ReplicaEndpoint {
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
    const keyRanges = ranges.map(({ after, to }) => ({ after, to }));
    const query = { publisher, entityType, fields, ranges: keyRanges };
    return this.client.ask(subscriber, ComparedReplicaMethods.digest, query, OPTIONS);
  }

  rows(fields: readonly string[], range: KeyRange, limit: number): Promise<readonly RowDigest[]> {
    const { publisher, subscriber, entityType } = this.key;
    const query = { publisher, entityType, fields, range, limit };
    return this.client.ask(subscriber, ComparedReplicaMethods.rows, query, OPTIONS);
  }

  readStates(fields: readonly string[], entityIds: readonly string[]): Promise<readonly ReadState[]> {
    const { publisher, subscriber, entityType } = this.key;
    return this.client.ask(
      subscriber,
      ComparedReplicaMethods.readStates,
      { publisher, entityType, fields, entityIds },
      OPTIONS,
    );
  }
}
