import { UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { sessionStore } from '../api/session-store';
import type { ConsoleConfig } from './console-config';

type OidcConfig = NonNullable<ConsoleConfig['oidc']>;

const REDIRECT_PATH = `${import.meta.env.BASE_URL}login`;
/** The page to open after the login; kept in the stored state. */
interface ReturnState {
  readonly to: string;
}

/**
 * Login at the identity provider: authorization code with PKCE. The library keeps its state in `sessionStorage`; tokens
 * arrive in response bodies, never in a URL. With a refresh token, tokens are renewed before they expire; otherwise the
 * session ends when its token expires.
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

/** Redirects to the identity provider. */
export async function beginOidcLogin(config: OidcConfig, to: string): Promise<void> {
  await managerOf(config).signinRedirect({ state: { to } satisfies ReturnState });
}

/** Whether the identity provider has redirected here, with a code or an error. */
export function isOidcReturn(search: string): boolean {
  const parameters = new URLSearchParams(search);
  return parameters.has('state') && (parameters.has('code') || parameters.has('error'));
}

/**
 * Exchanges the code for a token and begins the session.
 *
 * @returns the page to open.
 * @throws Error if the provider refused the login, or the login did not begin in this tab.
 */
export async function completeOidcLogin(config: OidcConfig): Promise<string> {
  const user = await managerOf(config).signinRedirectCallback();
  sessionStore.begin({ token: user.access_token, from: 'oidc' });
  return (user.state as ReturnState | undefined)?.to ?? '/';
}

/** Renews the session's token, if the provider issued a refresh token. @returns a function that stops it. */
export function startTokenRenewal(config: OidcConfig): () => void {
  const manager = managerOf(config);
  manager.events.addUserLoaded((user) => sessionStore.begin({ token: user.access_token, from: 'oidc' }));
  manager.events.addAccessTokenExpired(() => sessionStore.end('Your login has expired.'));
  manager.events.addSilentRenewError(() => {
    // The current token stays valid until it expires; the handler above ends the session then.
  });
  void manager.getUser().then((user) => {
    if (user?.refresh_token !== undefined) manager.startSilentRenew();
  });
  return () => {
    manager.stopSilentRenew();
    // After the session has ended, no tokens stay in this tab.
    if (sessionStore.get() === undefined) void manager.removeUser();
  };
}
