/** Places between two steps of the data path where a crash must do no harm. */
export type Checkpoint =
  /** A change is part of the caller's transaction (outbox), or acknowledged (confirm-then-commit); not committed. */
  | 'publisher.published'
  /** The service's transaction has committed, and its caller has no answer yet. */
  | 'publisher.committed'
  /** Rows are claimed, nothing is sent. */
  | 'relay.claimed'
  /** Rows are sent and confirmed, and still in the outbox. */
  | 'relay.published'
  /** An event is confirmed in its subscribers' queues, and not acknowledged. */
  | 'intake.forwarded'
  /** A batch is written, not committed. */
  | 'applier.written'
  /** A batch is committed, not acknowledged. */
  | 'applier.committed'
  /** A parked event is confirmed in its service's queue, and still parked. */
  | 'parked.redriven'
  /** Deferred events are confirmed in the parked queue, and still deferred. */
  | 'deferred.parked'
  /** The trail says that a change is begun; nothing is changed. */
  | 'audit.begun'
  /** A change through the admin API is made, and the trail does not say so yet. */
  | 'audit.changed'
  /** A subscription is changed by a message, and the trail says nothing of it yet. */
  | 'subscription.changed'
  /** A subscriber's expiry is marked in the map, and its queue is still there. */
  | 'expiry.marked';

/** `<checkpoint>` or `<checkpoint>:<passage>`, counted from 1. */
const [crashAt, passage = '1'] = (process.env.CRASH_AT ?? '').split(':');
let passagesLeft = Number(passage);

/**
 * For fault tests: a process that has `CRASH_AT=<checkpoint>` in its environment ends here, as by SIGKILL; with `:3` behind it,
 * when it passes for the third time. Else nothing.
 */
export function checkpoint(name: Checkpoint): void {
  if (crashAt !== name) return;
  passagesLeft -= 1;
  if (passagesLeft <= 0) process.kill(process.pid, 'SIGKILL');
}
