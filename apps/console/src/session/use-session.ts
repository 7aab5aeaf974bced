import { useSyncExternalStore } from 'react';
import { type Session, sessionStore } from '../api/session-store';

/** The session of this tab; undefined if the user is not logged in. */
export function useSession(): Session | undefined {
  return useSyncExternalStore(sessionStore.subscribe, () => sessionStore.get());
}
