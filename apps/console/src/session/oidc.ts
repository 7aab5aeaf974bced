import { UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { sessionStore } from '../api/session-store';
import type { ConsoleConfig } from './console-config';

type OidcConfig = NonNullable<ConsoleConfig['oidc']>;

const REDIRECT_PATH = `${import.meta.env.BASE_URL}login`;
/** Where to go after the login; the provider carries it along, unread, in the stored state. */
interface ReturnState {
  readonly to: string;
}

/**
 * Login at the identity provider by authorization code with PKCE. The library keeps its state in `sessionStorage`; tokens come
 * in the body of an answer, never in a URL. A token that runs out is renewed with the refresh token if there is one; else the
 * session ends.
 */
function managerOf({ issuer, clientId, scopes }: OidcConfig): UserManager {
  const store = new WebStorageStateStore({ store: window.sessionStorage });
  return new UserManager({
    authority: issuer,
    client_id: clientId,
    scope: scopes.join(' '),
    redirect_uri: `${window.location.origin}${REDIRECT_PATH}`,
    response_type: 'code',
    response_mode: 'query',
    userStore: store,
    stateStore: store,
    automaticSilentRenew: false,
    monitorSession: false,
  });
}

/** Leaves the page for the identity provider's. */
export async function beginOidcLogin(config: OidcConfig, to: string): Promise<void> {
  await managerOf(config).signinRedirect({ state: { to } satisfies ReturnState });
}

/** The page was opened by the identity provider, with a code. */
export function isOidcReturn(search: string): boolean {
  const parameters = new URLSearchParams(search);
  return parameters.has('state') && (parameters.has('code') || parameters.has('error'));
}

/**
 * Trades the code for a token and begins the session.
 *
 * @returns where the person had wanted to go.
 * @throws Error if the provider refused, or the code is not of a login that began in this tab.
 */
export async function completeOidcLogin(config: OidcConfig): Promise<string> {
  const user = await managerOf(config).signinRedirectCallback();
  sessionStore.begin({ token: user.access_token, from: 'oidc' });
  return (user.state as ReturnState | undefined)?.to ?? '/';
}

/** Renews the token of this tab's session while there is one, if the provider gave a refresh token. @returns what ends that. */
export function keepFresh(config: OidcConfig): () => void {
  const manager = managerOf(config);
  manager.events.addUserLoaded((user) => sessionStore.begin({ token: user.access_token, from: 'oidc' }));
  manager.events.addAccessTokenExpired(() => sessionStore.end('The login at the identity provider ran out.'));
  manager.events.addSilentRenewError(() => {
    // The present token holds until it runs out, and then the line above says so.
  });
  void manager.getUser().then((user) => {
    if (user?.refresh_token !== undefined) manager.startSilentRenew();
  });
  return () => {
    manager.stopSilentRenew();
    // Of a session that has ended nothing stays in this tab.
    if (sessionStore.get() === undefined) void manager.removeUser();
  };
}
