import { useQuery } from '@tanstack/react-query';
import { allPages } from '../../api/all-pages';
import { answer, api } from '../../api/client';
import type { Schemas } from '../../api/schemas';

export type Subscription = Schemas['SubscriptionDto'];

const REFRESH_MS = 5_000;

export function useSubscriptions() {
  return useQuery({
    queryKey: ['subscriptions'],
    queryFn: () =>
      allPages((after) => answer(api.GET('/admin/v1/subscriptions', { params: { query: { limit: 500, after } } }))),
    refetchInterval: REFRESH_MS,
  });
}

export function useReceipt(publisher: string, subscriber: string) {
  return useQuery({
    queryKey: ['subscriptions', publisher, subscriber, 'receipt'],
    queryFn: () =>
      answer(
        api.GET('/admin/v1/subscriptions/{publisher}/{subscriber}/receipt', {
          params: { path: { publisher, subscriber } },
        }),
      ),
  });
}
