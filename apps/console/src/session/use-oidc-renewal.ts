import { useEffect } from 'react';
import { useConsoleConfig } from './console-config';
import { keepFresh } from './oidc';
import { useSession } from './use-session';

/** Keeps a session that began at the identity provider from running out, as long as the provider lets us. */
export function useOidcRenewal(): void {
  const from = useSession()?.from;
  const oidc = useConsoleConfig().data?.oidc;
  useEffect(() => (from === 'oidc' && oidc !== undefined ? keepFresh(oidc) : undefined), [from, oidc]);
}
