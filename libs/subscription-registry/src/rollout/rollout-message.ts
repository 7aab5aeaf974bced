import { normalizeSubscription } from '@dbem/db-event';
import type { PublisherReport } from '../known-map';

/** The messages that event managers publish to each other. */
export type RolloutMessage =
  /** Requests that the recipient routes by `report` and then replies to `replyTo`. */
  | { readonly kind: 'report'; readonly round: string; readonly replyTo: string; readonly report: PublisherReport }
  /** The manager routes by the report. `registration`: of its consumer; without one it does not count. */
  | { readonly kind: 'applied'; readonly round: string; readonly manager: string; readonly registration?: string }
  /** From a manager to itself: when it arrives, all earlier messages have been received. */
  | { readonly kind: 'mark'; readonly mark: string };

export function encodeRolloutMessage(message: RolloutMessage): Buffer {
  return Buffer.from(JSON.stringify(message, (_key, value) => (typeof value === 'bigint' ? String(value) : value)));
}

/** @throws Error if the message is invalid. */
export function decodeRolloutMessage(body: Buffer): RolloutMessage {
  const message = JSON.parse(body.toString('utf8')) as RolloutMessage;
  if (message.kind !== 'report') return message;
  const { publisher, revision, subscriptions } = message.report;
  return {
    ...message,
    report: { publisher, revision: BigInt(revision), subscriptions: subscriptions.map(normalizeSubscription) },
  };
}
