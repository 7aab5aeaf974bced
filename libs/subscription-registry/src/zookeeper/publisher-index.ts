import type { Stat } from 'node-zookeeper-client';
import type { SubscriptionContent } from './subscription-node';

/** The version of this encoding. An index with another version, of an older or newer manager, is ignored. */
const FORMAT = 2;

/** The contents of all subscriptions to one publisher, in one node. */
export interface PublisherIndex {
  /** The state of the publisher's node for which the index is valid. */
  readonly label: string;
  /** By subscriber. */
  readonly contents: ReadonlyMap<string, SubscriptionContent>;
}

/**
 * Names a state of a publisher's node: the last transactions that changed its data and its children. No two states have
 * the same name. With `version` and `cversion` they could, because those start at 0 again when a node is deleted and
 * created again.
 */
export function labelOf({ mzxid, pzxid }: Stat): string {
  return `${mzxid.readBigInt64BE()}/${pzxid.readBigInt64BE()}`;
}

/**
 * Keeps the contents of the nodes unchanged, including fields unknown to this manager: a newer manager may start from
 * the index of an older one.
 */
export function encodePublisherIndex({ label, contents }: PublisherIndex): Buffer {
  return Buffer.from(JSON.stringify({ format: FORMAT, label, contents: Object.fromEntries(contents) }));
}

/** Undefined if the data is not a valid index. */
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
