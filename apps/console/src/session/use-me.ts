import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import type { Schemas } from '../api/schemas';
import { useSession } from './use-session';

export type Me = Schemas['MeDto'];

/** Who is logged in, as the event manager sees it. */
export function useMe() {
  const session = useSession();
  return useQuery<Me>({
    queryKey: ['me', session?.token],
    queryFn: () => answer(api.GET('/admin/v1/me')),
    enabled: session !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
