import { timingSafeEqual } from 'node:crypto';
import { Authenticator } from './authenticator.port';
import type { Principal } from './principal';
import type { Role } from './role';
import { hashOf } from './token-hash';

export interface StaticToken {
  /** Stands in the audit trail. */
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the token. */
  readonly hash: Buffer;
}

/** Knows principals by tokens of which it holds only the hashes. */
export abstract class StaticTokens extends Authenticator {
  /** Read at each call: they may change meanwhile. */
  protected abstract readonly tokens: readonly StaticToken[];

  /** Compares with every token, whichever it is, so that the time taken tells nothing. */
  async authenticate(credential: string): Promise<Principal | undefined> {
    const hash = hashOf(credential);
    let found: StaticToken | undefined;
    for (const token of this.tokens) {
      if (timingSafeEqual(hash, token.hash)) found ??= token;
    }
    return found === undefined ? undefined : { name: found.name, role: found.role, provedBy: 'token' };
  }
}
