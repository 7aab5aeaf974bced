/** What a promise forbids, found. */
export type Violation =
  /** The replica lacks a row, has an old state of it, or still has one that the source has no more. */
  | 'lost'
  /** A change had its effect more than once. */
  | 'doubled'
  /** A newer state was replaced by an older one. */
  | 'backwards'
  /** A state that the source never had. */
  | 'phantom';

export interface Finding {
  readonly violation: Violation;
  /** Which replica: the kind of its rows. */
  readonly where: string;
  readonly entityId: string;
  readonly details: string;
}
