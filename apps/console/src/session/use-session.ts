import { useSyncExternalStore } from 'react';
import { type Session, sessionStore } from '../api/session-store';

/** The session of this tab; undefined before the login. */
export function useSession(): Session | undefined {
  return useSyncExternalStore(sessionStore.subscribe, () => sessionStore.get());
}
