import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import type { Schemas } from '../api/schemas';
import { useSession } from './use-session';

export type Me = Schemas['MeDto'];

/** The logged-in user, as identified by the event manager. */
export function useMe() {
  const session = useSession();
  return useQuery<Me>({
    queryKey: ['me', session?.token],
    queryFn: () => answer(api.GET('/admin/v1/me')),
    enabled: session !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
