/** The kind of a violated guarantee. */
export type Violation =
  /** A row is missing at the replica, has an old state, or still exists although the source has deleted it. */
  | 'lost'
  /** A change was applied more than once. */
  | 'doubled'
  /** A newer state was replaced by an older one. */
  | 'backwards'
  /** A state that the source never had. */
  | 'phantom';

export interface Finding {
  readonly violation: Violation;
  /** The replica, named by the kind of its rows. */
  readonly where: string;
  readonly entityId: string;
  readonly details: string;
}
