import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import type { Schemas } from '../../api/schemas';

export type Run = Schemas['RunDto'];
export type Schedule = Schemas['ScheduleDto'];

const REFRESH_MS = 5_000;
const REFRESH_RUNNING_MS = 800;

/** Whether the run is pending, running or paused. */
export function isUnderWay({ state }: Pick<Run, 'state'>): boolean {
  return state === 'pending' || state === 'running' || state === 'paused';
}

/** The last 200 runs, newest first; refreshed more often while one is in progress. */
export function useRuns() {
  return useQuery({
    queryKey: ['runs'],
    queryFn: () => answer(api.GET('/admin/v1/reconcile')),
    select: ({ items }) => [...items].sort((one, other) => (one.requestedAt < other.requestedAt ? 1 : -1)),
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? REFRESH_RUNNING_MS : REFRESH_MS),
  });
}

export function useSchedules() {
  return useQuery({
    queryKey: ['schedules'],
    queryFn: () => answer(api.GET('/admin/v1/reconcile-schedules')),
    select: ({ items }) => items,
  });
}
