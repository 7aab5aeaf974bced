import './login-page.css';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Navigate, useLocation, useNavigate } from 'react-router';
import { Problem } from '../api/problem';
import { sessionStore } from '../api/session-store';
import { Brand } from '../ui/brand';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem-note';
import { TextField } from '../ui/text-field';
import { useConsoleConfig } from './console-config';
import { beginOidcLogin, completeOidcLogin, isOidcReturn } from './oidc';
import { useSession } from './use-session';

/** Login with an admin token or, if one is configured, at an identity provider. */
export function LoginPage() {
  const [token, setToken] = useState('');
  const session = useSession();
  const location = useLocation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { data: config } = useConsoleConfig();
  const oidc = config?.oidc;
  const to = (location.state as { from?: string } | null)?.from ?? '/';
  const isReturn = isOidcReturn(location.search);

  const tokenLogin = useMutation({
    mutationFn: async () => {
      const candidate = token.trim();
      // Verifies the token before a session begins with it.
      const response = await fetch('/admin/v1/me', { headers: { authorization: `Bearer ${candidate}` } }).catch(
        (cause) => {
          throw Problem.unreachable(cause);
        },
      );
      if (response.status === 401)
        throw new Problem({
          title: 'Unauthorized',
          status: 401,
          detail: 'The event manager does not accept this token.',
        });
      if (!response.ok) throw Problem.of(response.status, await response.json().catch(() => undefined));
      queryClient.clear();
      sessionStore.begin({ token: candidate, from: 'token' });
    },
  });

  const oidcLogin = useMutation({
    mutationFn: completeOidcLogin,
    onSuccess: (target) => navigate(target, { replace: true }),
  });
  const complete = oidcLogin.mutate;
  useEffect(() => {
    if (isReturn && oidc !== undefined) complete(oidc);
  }, [isReturn, oidc, complete]);

  if (session !== undefined && !isReturn) return <Navigate to={to} replace />;
  const isCompleting = isReturn && !oidcLogin.isError;
  return (
    <main className="login">
      <div>
        <div className="login-brand">
          <Brand />
          DB Event Manager
        </div>
        <div className="login-box stack">
          <div>
            <h1>Log in</h1>
            <p className="muted">
              {isCompleting ? 'Completing the login…' : 'Follow every change from its source to its replicas.'}
            </p>
          </div>
          {sessionStore.endReason !== undefined && !tokenLogin.isError && (
            <p role="status" className="quiet">
              {sessionStore.endReason}
            </p>
          )}
          {oidcLogin.isError && <ProblemNote error={oidcLogin.error} what="The login failed." />}
          {oidc !== undefined && (
            <>
              <Button variant="primary" disabled={isCompleting} onClick={() => void beginOidcLogin(oidc, to)}>
                Log in with the identity provider
              </Button>
              <p className="login-or">or with a token</p>
            </>
          )}
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              tokenLogin.mutate();
            }}
          >
            <TextField
              label="Admin token"
              type="password"
              name="token"
              autoComplete="current-password"
              value={token}
              onChange={setToken}
              required
              hint="npm run dev and npm run demo print one; npm run token creates one with a role."
            />
            {tokenLogin.isError && <ProblemNote error={tokenLogin.error} what="The login failed." />}
            <Button
              type="submit"
              variant={oidc === undefined ? 'primary' : undefined}
              disabled={tokenLogin.isPending || token.trim() === ''}
            >
              {tokenLogin.isPending ? 'Checking…' : 'Log in'}
            </Button>
          </form>
        </div>
        <p className="login-foot">The token is kept in this tab only, and deleted when you close it.</p>
      </div>
    </main>
  );
}
