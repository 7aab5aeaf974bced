import type { AdminApi, Schemas } from './admin-api';
import { allPages } from './all-pages';
import { answer } from './answer';

export function listMembers(api: AdminApi): Promise<Schemas['MemberDto'][]> {
  return allPages((query) => answer(api.GET('/admin/v1/members', { params: { query } })));
}

/** What is wrong at the moment, errors first. */
export async function listTroubles(api: AdminApi): Promise<Schemas['TroubleDto'][]> {
  const { troubles } = await answer(api.GET('/admin/v1/topology'));
  return troubles;
}

export function listServices(api: AdminApi): Promise<Schemas['ServiceDto'][]> {
  return allPages((query) => answer(api.GET('/admin/v1/services', { params: { query } })));
}

export function listSubscriptions(
  api: AdminApi,
  filter: { publisher?: string; subscriber?: string },
): Promise<Schemas['SubscriptionDto'][]> {
  return allPages((query) =>
    answer(api.GET('/admin/v1/subscriptions', { params: { query: { ...filter, ...query } } })),
  );
}
