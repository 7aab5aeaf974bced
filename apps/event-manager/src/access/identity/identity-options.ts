import type { UserOfService } from './user-of-service';

/** Which broker users `Identities` accepts for which services. */
export abstract class IdentityOptions {
  abstract readonly mode: 'enforced' | 'off';
  /** The managers' own broker user, which redrives messages of other publishers. Undefined if it is not known. */
  readonly ownUser?: string | undefined;
  /** May contain several entries for a user. */
  abstract readonly users: readonly UserOfService[];
  /** Services that may omit `user_id`. */
  abstract readonly legacyServices: readonly string[];
}
