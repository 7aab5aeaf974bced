import { useEffect } from 'react';
import { useConsoleConfig } from './console-config';
import { startTokenRenewal } from './oidc';
import { useSession } from './use-session';

/** Renews the token of a session that began at the identity provider. */
export function useOidcRenewal(): void {
  const from = useSession()?.from;
  const oidc = useConsoleConfig().data?.oidc;
  useEffect(() => (from === 'oidc' && oidc !== undefined ? startTokenRenewal(oidc) : undefined), [from, oidc]);
}
