import { Injectable } from '@nestjs/common';
import { AdminToken } from './admin-token';
import { Authenticator } from './authenticator.port';
import { OidcAuthenticator } from './oidc-authenticator';
import type { Principal } from './principal';
import { TokenFile } from './token-file';

/** Tries the admin token, the token file and the identity provider, in this order. */
@Injectable()
export class AuthenticatorChain extends Authenticator {
  private readonly authenticators: readonly Authenticator[];

  constructor(adminToken: AdminToken, file: TokenFile, oidc: OidcAuthenticator) {
    super();
    this.authenticators = [adminToken, file, oidc];
  }

  async authenticate(credential: string): Promise<Principal | undefined> {
    for (const authenticator of this.authenticators) {
      const principal = await authenticator.authenticate(credential);
      if (principal !== undefined) return principal;
    }
    return undefined;
  }
}
