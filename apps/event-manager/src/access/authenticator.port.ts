import type { Principal } from './principal';

/** Tells whose a credential is. */
export abstract class Authenticator {
  /**
   * Undefined if the credential is nobody's, or is not valid any more. Compares secrets in constant time.
   *
   * @throws DbEventError IDENTITY_PROVIDER_UNAVAILABLE if that can't be told now.
   */
  abstract authenticate(credential: string): Promise<Principal | undefined>;
}
