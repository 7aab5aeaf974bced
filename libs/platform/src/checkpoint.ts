/** Places between two steps of the data path where a crash must do no harm. */
export type Checkpoint =
  /** A change is part of the caller's transaction (outbox), or acknowledged (confirm-then-commit); not committed. */
  | 'publisher.published'
  /** Rows are claimed, nothing is sent. */
  | 'relay.claimed'
  /** Rows are sent and confirmed, and still in the outbox. */
  | 'relay.published'
  /** An event is confirmed in its subscribers' queues, and not acknowledged. */
  | 'intake.forwarded'
  /** A batch is written, not committed. */
  | 'applier.written'
  /** A batch is committed, not acknowledged. */
  | 'applier.committed';

const CRASH_AT = process.env.CRASH_AT;

/** For fault tests: a process that has `CRASH_AT=<checkpoint>` in its environment ends here, as by SIGKILL. Else nothing. */
export function checkpoint(name: Checkpoint): void {
  if (CRASH_AT === name) process.kill(process.pid, 'SIGKILL');
}
