import './shell.css';
import { Menu } from 'lucide-react';
import { useState } from 'react';
import { Link, Navigate, Outlet, useLocation } from 'react-router';
import { LiveTopology } from '../live/live-topology';
import { useMe } from '../session/use-me';
import { useOidcRenewal } from '../session/use-oidc-renewal';
import { useSession } from '../session/use-session';
import { Brand } from '../ui/brand';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { ProblemNote } from '../ui/problem-note';
import { Toasts } from '../ui/toasts';
import { Navigation } from './navigation';
import { SideFoot } from './side-foot';

/** The frame of every page. Without a session it redirects to the login page, which leads back afterwards. */
export function Shell() {
  const session = useSession();
  const { pathname, search } = useLocation();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const me = useMe();
  useOidcRenewal();
  if (session === undefined) return <Navigate to="/login" replace state={{ from: `${pathname}${search}` }} />;
  const brand = (
    <Link to="/" className="side-brand">
      <Brand />
      DB Event Manager
    </Link>
  );
  return (
    <LiveTopology key={session.token} token={session.token}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <div className="shell">
        <header className="top">
          {brand}
          <Button variant="bare" icon aria-label="Menu" onClick={() => setMenuOpen(true)}>
            <Menu size={18} aria-hidden />
          </Button>
        </header>
        <aside className="side" aria-label="Console">
          {brand}
          <Navigation />
          <SideFoot />
        </aside>
        <main id="main" tabIndex={-1}>
          {me.isError && me.data === undefined ? (
            <div className="page">
              <ProblemNote error={me.error} what="Could not load your user." onRetry={() => void me.refetch()} />
            </div>
          ) : (
            <Outlet />
          )}
        </main>
      </div>
      {isMenuOpen && (
        <Dialog title="Menu" onClose={() => setMenuOpen(false)}>
          <div className="menu">
            <Navigation onNavigate={() => setMenuOpen(false)} />
          </div>
          <SideFoot />
        </Dialog>
      )}
      <Toasts />
    </LiveTopology>
  );
}
