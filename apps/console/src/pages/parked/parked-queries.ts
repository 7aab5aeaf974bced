import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import type { EntityType } from '../../api/entity-types';
import type { Schemas } from '../../api/schemas';

export type ParkedEvent = Schemas['ParkedEventDto'];

export interface ParkedFilter {
  readonly service: string;
  readonly publisher: string;
  readonly entityType: string;
  readonly reasonCode: string;
}

const REFRESH_MS = 10_000;

/** The filter's non-empty fields, as query parameters of the API. */
export function criteriaOf({ publisher, entityType, reasonCode }: ParkedFilter) {
  return {
    publisher: publisher || undefined,
    entityType: (entityType || undefined) as EntityType | undefined,
    reasonCode: reasonCode || undefined,
  };
}

/** Each request scans whole queues, so the refresh interval is long. */
export function useParked(filter: ParkedFilter) {
  return useInfiniteQuery({
    queryKey: ['parked', filter],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/admin/v1/parked', {
          params: {
            query: { ...criteriaOf(filter), service: filter.service || undefined, limit: 50, after: pageParam },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: REFRESH_MS,
  });
}

export function useParkedEvent(service: string, id: string) {
  return useQuery({
    queryKey: ['parked', service, id],
    queryFn: () => answer(api.GET('/admin/v1/parked/{service}/{id}', { params: { path: { service, id } } })),
  });
}
