import type { UserOfService } from './user-of-service';

/** Whose messages `Identities` believes. */
export abstract class IdentityOptions {
  abstract readonly mode: 'enforced' | 'off';
  /** The managers' own broker user, who redrives what others had published. Undefined if it is not known. */
  readonly ownUser?: string | undefined;
  /** A user may stand here several times. */
  abstract readonly users: readonly UserOfService[];
  /** Services that may leave their user out. */
  abstract readonly legacyServices: readonly string[];
}
