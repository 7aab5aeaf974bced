import { normalizeSubscription } from '@dbem/db-event';
import type { PublisherReport } from '../known-map';

/** What event managers tell each other. */
export type RolloutMessage =
  /** Route by this. Answer to `replyTo`, with `round`, when you do. */
  | { readonly kind: 'report'; readonly round: string; readonly replyTo: string; readonly report: PublisherReport }
  /** I route by what I was told. `attachment` names the one by which I consume events; absent while I consume none. */
  | { readonly kind: 'applied'; readonly round: string; readonly manager: string; readonly attachment?: string }
  /** From a manager to itself: all that was told before has been heard. */
  | { readonly kind: 'mark'; readonly mark: string };

export function encodeRolloutMessage(message: RolloutMessage): Buffer {
  return Buffer.from(JSON.stringify(message, (_key, value) => (typeof value === 'bigint' ? String(value) : value)));
}

/** @throws Error for what no event manager sends. */
export function decodeRolloutMessage(body: Buffer): RolloutMessage {
  const message = JSON.parse(body.toString('utf8')) as RolloutMessage;
  if (message.kind !== 'report') return message;
  const { publisher, revision, subscriptions } = message.report;
  return {
    ...message,
    report: { publisher, revision: BigInt(revision), subscriptions: subscriptions.map(normalizeSubscription) },
  };
}
