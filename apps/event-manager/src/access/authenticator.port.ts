import type { Principal } from './principal';

/** Identifies the principal of a credential. */
export abstract class Authenticator {
  /**
   * Compares secrets in constant time.
   *
   * @returns undefined if the credential is unknown, invalid or expired.
   * @throws DbEventError IDENTITY_PROVIDER_UNAVAILABLE if it can't be verified now.
   */
  abstract authenticate(credential: string): Promise<Principal | undefined>;
}
