import { LogOut } from 'lucide-react';
import { sessionStore } from '../api/session-store';
import { LiveStatus } from '../live/live-status';
import { useMe } from '../session/use-me';
import { Button } from '../ui/button';
import { ThemeSwitch } from './theme-switch';

/** Connection status, theme and logged-in user. */
export function SideFoot() {
  const { data: me } = useMe();
  return (
    <div className="side-foot">
      <LiveStatus />
      <ThemeSwitch />
      <div className="side-me">
        <div>
          <strong title={me?.name}>{me?.name ?? '…'}</strong>
          <span className="muted">{me?.role}</span>
        </div>
        <Button variant="bare" small icon aria-label="Log out" title="Log out" onClick={() => sessionStore.end()}>
          <LogOut size={15} aria-hidden />
        </Button>
      </div>
    </div>
  );
}
