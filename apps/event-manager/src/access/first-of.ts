import { Authenticator } from './authenticator.port';
import type { Principal } from './principal';

/** Asks several, in turn, whose a credential is. */
export class FirstOf extends Authenticator {
  constructor(private readonly authenticators: readonly Authenticator[]) {
    super();
  }

  async authenticate(credential: string): Promise<Principal | undefined> {
    for (const authenticator of this.authenticators) {
      const principal = await authenticator.authenticate(credential);
      if (principal !== undefined) return principal;
    }
    return undefined;
  }
}
