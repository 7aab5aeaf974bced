import type { RpcClient } from '@dbem/transport';
import type { KeyRange, LookedAt, RangeDigest, RowDigest } from '../protocol/comparison';
import type { ReplicaProtocol } from '../protocol/replica-protocol';
import type { Ghost, RowToSend, Sent, SourceProtocol } from '../protocol/source-protocol';
import type { RunKey } from '../run/reconcile-run';
import { ReplicaSide, SourceSide } from '../run/sides.port';

/** Longer than a service waits for a lock. */
const TIMEOUT_MS = 30_000;

/** The publisher's side of a run, in the publisher's process. */
export class RpcSourceSide extends SourceSide {
  constructor(
    private readonly client: RpcClient,
    private readonly key: RunKey,
  ) {
    super();
  }

  describe(): Promise<{ rows: number; newestVersion: string }> {
    return this.call('reconcile.source.describe', {});
  }

  cut(
    fields: readonly string[],
    range: KeyRange,
    rows: number,
    limit: number,
  ): Promise<{ ranges: readonly RangeDigest[]; isEnd: boolean }> {
    return this.call('reconcile.source.cut', { fields, range, rows, limit });
  }

  rows(fields: readonly string[], range: KeyRange, limit: number): Promise<readonly RowDigest[]> {
    return this.call('reconcile.source.rows', { fields, range, limit });
  }

  look(fields: readonly string[], entityIds: readonly string[]): Promise<readonly LookedAt[]> {
    return this.call('reconcile.source.look', { fields, entityIds });
  }

  sendRange(range: KeyRange, limit: number): Promise<Sent & { readonly last: string | null }> {
    return this.call('reconcile.source.sendRange', { recipient: this.key.subscriber, range, limit });
  }

  sendRows(rows: readonly RowToSend[]): Promise<Sent> {
    return this.call('reconcile.source.sendRows', { recipient: this.key.subscriber, rows });
  }

  bury(fields: readonly string[], ghosts: readonly Ghost[]): Promise<Sent> {
    return this.call('reconcile.source.bury', { recipient: this.key.subscriber, fields, ghosts });
  }

  private call<Name extends keyof SourceProtocol & string>(
    method: Name,
    params: Omit<SourceProtocol[Name]['params'], 'entityType'>,
  ): Promise<SourceProtocol[Name]['result']> {
    const { publisher, entityType } = this.key;
    return this.client.call(
      publisher,
      'publisher',
      { method, params: { entityType, ...params } },
      { timeoutMs: TIMEOUT_MS },
    );
  }
}

/** The replica's side of a run, in the subscriber's process. */
export class RpcReplicaSide extends ReplicaSide {
  constructor(
    private readonly client: RpcClient,
    private readonly key: RunKey,
  ) {
    super();
  }

  describe(): Promise<{ fields: readonly string[] }> {
    return this.call('reconcile.replica.describe', {});
  }

  digest(fields: readonly string[], ranges: readonly KeyRange[]): Promise<readonly RangeDigest[]> {
    const bare = ranges.map(({ after, to }) => ({ after, to }));
    return this.call('reconcile.replica.digest', { fields, ranges: bare });
  }

  rows(fields: readonly string[], range: KeyRange, limit: number): Promise<readonly RowDigest[]> {
    return this.call('reconcile.replica.rows', { fields, range, limit });
  }

  look(fields: readonly string[], entityIds: readonly string[]): Promise<readonly LookedAt[]> {
    return this.call('reconcile.replica.look', { fields, entityIds });
  }

  private call<Name extends keyof ReplicaProtocol & string>(
    method: Name,
    params: Omit<ReplicaProtocol[Name]['params'], 'publisher' | 'entityType'>,
  ): Promise<ReplicaProtocol[Name]['result']> {
    const { publisher, subscriber, entityType } = this.key;
    return this.client.call(
      subscriber,
      'replica',
      { method, params: { publisher, entityType, ...params } },
      { timeoutMs: TIMEOUT_MS },
    );
  }
}
