/** One change that somebody made, or was refused. */
export interface AuditEntry {
  readonly id: string;
  /** ISO 8601, by the manager's clock. */
  readonly at: string;
  readonly who: AuditedPrincipal;
  readonly from: {
    /** Of who asked; left out if it asked by a message. */
    readonly address?: string;
    /** The manager that was asked: host and process. */
    readonly manager: string;
  };
  /** What was done: method and route of the admin API, or SUBSCRIBE, UNSUBSCRIBE by a message. */
  readonly action: string;
  /** What it was done to: the route's parameters, a subscription's services. */
  readonly target: Readonly<Record<string, string>>;
  /** What was asked for; secrets are left out, and all of it if it is large. */
  readonly input?: unknown;
  /**
   * `begun`: it is being done, or the manager died before it could say what became of it. `refused`: by us, nothing was done.
   * `failed`: some of it may have been done.
   */
  readonly result: 'begun' | 'done' | 'refused' | 'failed';
  /** HTTP status of the answer, code of an error, or what became of a subscription; `unknown` while it is only begun. */
  readonly outcome: string;
  /** Why it was refused or failed. */
  readonly detail?: string;
}

export interface AuditedPrincipal {
  readonly name: string;
  readonly role?: string;
  /** `nothing`: the name is only what the message says (IDENTITY=off, or an old service). */
  readonly provedBy: 'token' | 'oidc' | 'broker user' | 'nothing';
}

/** What became of a change that was begun. */
export type AuditOutcome = Pick<AuditEntry, 'result' | 'outcome' | 'detail'>;

/** What whoever records an entry says; the trail adds the rest. */
export type AuditRecord = Omit<AuditEntry, 'id' | 'at' | 'from'> & { readonly address?: string | undefined };
