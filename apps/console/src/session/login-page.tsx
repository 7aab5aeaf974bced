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

/** Asks for an admin token, and, where there is an identity provider, offers the login there. */
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

  const trying = useMutation({
    mutationFn: async () => {
      const candidate = token.trim();
      // Asked for once with this very token: a wrong one never becomes a session.
      const response = await fetch('/admin/v1/me', { headers: { authorization: `Bearer ${candidate}` } }).catch(
        (cause) => {
          throw Problem.unreachable(cause);
        },
      );
      if (response.status === 401)
        throw new Problem({ title: 'Unauthorized', status: 401, detail: 'The event manager knows no such token.' });
      if (!response.ok) throw Problem.of(response.status, await response.json().catch(() => undefined));
      queryClient.clear();
      sessionStore.begin({ token: candidate, from: 'token' });
    },
  });

  const returning = useMutation({
    mutationFn: completeOidcLogin,
    onSuccess: (wanted) => navigate(wanted, { replace: true }),
  });
  const complete = returning.mutate;
  useEffect(() => {
    if (isReturn && oidc !== undefined) complete(oidc);
  }, [isReturn, oidc, complete]);

  if (session !== undefined && !isReturn) return <Navigate to={to} replace />;
  const isCompleting = isReturn && !returning.isError;
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
              {isCompleting ? 'The identity provider’s answer is being checked…' : 'to see where every change goes.'}
            </p>
          </div>
          {sessionStore.endedBecause !== undefined && !trying.isError && (
            <p role="status" className="quiet">
              {sessionStore.endedBecause}
            </p>
          )}
          {returning.isError && <ProblemNote error={returning.error} what="The login did not succeed." />}
          {oidc !== undefined && (
            <>
              <Button look="primary" disabled={isCompleting} onClick={() => void beginOidcLogin(oidc, to)}>
                Log in at the identity provider
              </Button>
              <p className="login-or">or with a token</p>
            </>
          )}
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              trying.mutate();
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
              hint="npm run dev and npm run demo print one; npm run token makes one with a role."
            />
            {trying.isError && <ProblemNote error={trying.error} what="That did not work." />}
            <Button
              type="submit"
              look={oidc === undefined ? 'primary' : undefined}
              disabled={trying.isPending || token.trim() === ''}
            >
              {trying.isPending ? 'Checking…' : 'Log in'}
            </Button>
          </form>
        </div>
        <p className="login-foot">The token stays in this tab, and is forgotten when you close it.</p>
      </div>
    </main>
  );
}
