/** The credentials of the logged-in user. */
export interface Session {
  /** Bearer token of the admin API. */
  readonly token: string;
  /** How the user logged in. Only `oidc` sessions are renewed. */
  readonly from: 'token' | 'oidc';
}

const KEY = 'dbem.session';

export const TOKEN_REJECTED = 'The event manager no longer accepts your token.';

/**
 * The session of this tab. It is kept in memory and in `sessionStorage`, which the browser clears with the tab; never
 * in a URL, a cookie or `localStorage`. Listeners are called on every change.
 */
class SessionStore {
  private session = readStored();
  private readonly listeners = new Set<() => void>();
  /** Why the last session ended, for the login page; undefined after a logout. */
  endReason: string | undefined;

  get(): Session | undefined {
    return this.session;
  }

  begin(session: Session): void {
    this.endReason = undefined;
    this.session = session;
    sessionStorage.setItem(KEY, JSON.stringify(session));
    this.notify();
  }

  /** Does nothing without a session. */
  end(reason?: string): void {
    if (this.session === undefined) return;
    this.endReason = reason;
    this.session = undefined;
    sessionStorage.removeItem(KEY);
    this.notify();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}

function readStored(): Session | undefined {
  const stored = sessionStorage.getItem(KEY);
  return stored === null ? undefined : (JSON.parse(stored) as Session);
}

export const sessionStore = new SessionStore();
