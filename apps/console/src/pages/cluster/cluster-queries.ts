import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import type { Schemas } from '../../api/schemas';

export type Cluster = Schemas['ClusterDto'];
export type AuditEntry = Schemas['AuditEntryDto'];

const REFRESH_MS = 3_000;

export function useCluster() {
  return useQuery({
    queryKey: ['cluster'],
    queryFn: () => answer(api.GET('/admin/v1/cluster')),
    refetchInterval: REFRESH_MS,
  });
}

export function useIdentity() {
  return useQuery({
    queryKey: ['identity'],
    queryFn: () => answer(api.GET('/admin/v1/identity')),
    refetchInterval: 10_000,
  });
}

export function useAudit(filter: { readonly who: string; readonly result: string }) {
  return useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/admin/v1/audit', {
          params: {
            query: {
              limit: 30,
              after: pageParam,
              who: filter.who || undefined,
              result: (filter.result || undefined) as AuditEntry['result'] | undefined,
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: 10_000,
  });
}
