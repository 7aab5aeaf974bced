import { timingSafeEqual } from 'node:crypto';
import { Authenticator } from './authenticator.port';
import type { Principal } from './principal';
import type { Role } from './role';
import { hashOf } from './token-hash';

export interface StaticToken {
  /** Recorded in the audit trail. */
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the token. */
  readonly hash: Buffer;
}

/** Authenticates by tokens of which only the hashes are stored. */
export abstract class StaticTokens extends Authenticator {
  /** Read on each call, because tokens may change. */
  protected abstract readonly tokens: readonly StaticToken[];

  /** Compares with every token, even after a match, so that the duration reveals nothing. */
  async authenticate(credential: string): Promise<Principal | undefined> {
    const hash = hashOf(credential);
    let found: StaticToken | undefined;
    for (const token of this.tokens) {
      if (timingSafeEqual(hash, token.hash)) found ??= token;
    }
    return found === undefined ? undefined : { name: found.name, role: found.role, provedBy: 'token' };
  }
}
