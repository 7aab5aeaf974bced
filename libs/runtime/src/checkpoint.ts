/** Places between two steps of the data path at which a crash must neither lose nor corrupt anything. */
export type Checkpoint =
  /** A change is in the caller's transaction (outbox) or confirmed (confirm-then-commit), but not committed. */
  | 'publisher.published'
  /** The service's transaction is committed, but its caller has no response yet. */
  | 'publisher.committed'
  /** Rows are claimed, but nothing is sent. */
  | 'relay.claimed'
  /** Rows are confirmed, but still in the outbox. */
  | 'relay.published'
  /** An event is confirmed in its subscribers' queues, but not acknowledged. */
  | 'intake.forwarded'
  /** A lane's events are confirmed in a legacy service's queue, but not acknowledged. */
  | 'lane.moved'
  /** A batch is written, but not committed. */
  | 'applier.written'
  /** A batch is committed, but not acknowledged. */
  | 'applier.committed'
  /** A parked event is confirmed in its service's queue, but still parked. */
  | 'parked.redriven'
  /** Deferred events are confirmed in the parked queue, but still deferred. */
  | 'deferred.parked'
  /** The audit trail has the begin of a change, but nothing is changed. */
  | 'audit.started'
  /** A change through the admin API is made, but not in the audit trail yet. */
  | 'audit.changed'
  /** A subscription is changed by a message, but not in the audit trail yet. */
  | 'subscription.changed'
  /** A subscription's expiry is in the map, but its queue is not deleted yet. */
  | 'expiry.marked';

/** `<checkpoint>` or `<checkpoint>:<passage>`; passages are counted from 1. */
const [crashAt, passage = '1'] = (process.env.CRASH_AT ?? '').split(':');
let passagesLeft = Number(passage);

/**
 * For fault tests: with `CRASH_AT=<checkpoint>` in its environment the process kills itself with SIGKILL here; with
 * `CRASH_AT=<checkpoint>:3`, on the third pass. Without it this does nothing.
 */
export function checkpoint(name: Checkpoint): void {
  if (crashAt !== name) return;
  passagesLeft -= 1;
  if (passagesLeft <= 0) process.kill(process.pid, 'SIGKILL');
}
