/** What proves to the admin API who sits here. */
export interface Session {
  /** Bearer token of the admin API. */
  readonly token: string;
  /** How it was got; says how to get rid of it. */
  readonly from: 'token' | 'oidc';
}

const KEY = 'dbem.session';

/**
 * The session of this tab. It lives in memory and in `sessionStorage`, which ends with the tab; never in a URL, a cookie or
 * `localStorage`. A listener hears each change of it.
 */
class SessionStore {
  private session = readStored();
  private readonly listeners = new Set<() => void>();
  /** Why the last session ended, for the login page; undefined if the person ended it. */
  endedBecause: string | undefined;

  get(): Session | undefined {
    return this.session;
  }

  begin(session: Session): void {
    this.endedBecause = undefined;
    this.session = session;
    sessionStorage.setItem(KEY, JSON.stringify(session));
    this.tell();
  }

  /** May come when there is none. */
  end(because?: string): void {
    if (this.session === undefined) return;
    this.endedBecause = because;
    this.session = undefined;
    sessionStorage.removeItem(KEY);
    this.tell();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function readStored(): Session | undefined {
  const stored = sessionStorage.getItem(KEY);
  return stored === null ? undefined : (JSON.parse(stored) as Session);
}

export const sessionStore = new SessionStore();
