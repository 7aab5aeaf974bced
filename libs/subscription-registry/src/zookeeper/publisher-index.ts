import type { Stat } from 'node-zookeeper-client';
import type { SubscriptionContent } from './subscription-node';

/** Of this text's shape. What has another number, an older or a newer manager's, is no index. */
const FORMAT = 1;

/** What all subscriptions to one publisher say, in one node. */
export interface PublisherIndex {
  /** The state of the publisher's node that it is true of. */
  readonly label: string;
  /** By subscriber. Who is not in it says no more than its name. */
  readonly contents: ReadonlyMap<string, SubscriptionContent>;
}

/**
 * Names a state of a publisher's node: the transactions that changed its data and its children last. No state ever has another's
 * name, as it could if `version` and `cversion` were taken: those count from 0 again when a node is deleted and made anew.
 */
export function labelOf({ mzxid, pzxid }: Stat): string {
  return `${mzxid.readBigInt64BE()}/${pzxid.readBigInt64BE()}`;
}

/**
 * What was read of the nodes is kept as it stood there, also what this manager does not understand: a newer one may start from
 * the index of an older one.
 */
export function encodePublisherIndex({ label, contents }: PublisherIndex): Buffer {
  return Buffer.from(JSON.stringify({ format: FORMAT, label, contents: Object.fromEntries(contents) }));
}

/** Undefined: not understood, in whatever way; then it is no index. */
export function decodePublisherIndex(data: Buffer): PublisherIndex | undefined {
  const { format, label, contents } = parsedRecord(data);
  if (format !== FORMAT || typeof label !== 'string' || !isRecord(contents)) return undefined;
  const bySubscriber = new Map<string, SubscriptionContent>();
  for (const [subscriber, content] of Object.entries(contents)) {
    if (!isRecord(content)) return undefined;
    bySubscriber.set(subscriber, content);
  }
  return { label, contents: bySubscriber };
}

function parsedRecord(data: Buffer): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(data.toString('utf8'));
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
