import type { Role } from './role';

/** Who asks the admin API. */
export interface Principal {
  /** The token's name, or the subject of the identity provider. */
  readonly name: string;
  readonly role: Role;
  /** How it proved who it is. */
  readonly provedBy: 'token' | 'oidc';
}

declare module 'express' {
  interface Request {
    /** Set by the access guard; undefined where a route is open. */
    principal?: Principal;
  }
}
