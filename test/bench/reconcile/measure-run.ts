import type { ApiClient } from '../../../demo/story/api-client';

const KEY = { publisher: 'user.profile', subscriber: 'sharing', entityType: 'USER_PROFILE' };
const CHECK_INTERVAL_MS = 500;

/** A run in the admin API. */
export interface Run {
  readonly id: string;
  readonly entityType: string;
  readonly state: string;
  readonly pass: number;
  readonly sent: number;
  readonly sentBytes: number;
  readonly statement?: string;
}

export interface MeasuredRun {
  readonly run: Run;
  readonly seconds: number;
  /** Time until all rows were sent and the second pass started, which compares again; undefined if there was none. */
  readonly fillingSeconds: number | undefined;
}

/** Starts a reconcile run and resolves when it is done. */
export async function measureRun(api: ApiClient, kind: 'backfill' | 'audit', options: object): Promise<MeasuredRun> {
  const startedAtMs = performance.now();
  const elapsed = () => (performance.now() - startedAtMs) / 1_000;
  const { id } = await api.post<Run>('/admin/v1/reconcile', { ...KEY, kind, ...options });
  let fillingSeconds: number | undefined;
  for (;;) {
    const run = await api.get<Run>(`/admin/v1/reconcile/${id}`);
    if (run.pass > 1) fillingSeconds ??= elapsed();
    if (run.state === 'done') return { run, seconds: elapsed(), fillingSeconds };
    if (run.state === 'failed') throw new Error(`The reconcile run failed: ${JSON.stringify(run)}`);
    await pause();
  }
}

/** Resolves when the backfill that sharing requests at its first start is done; profile has no users yet. */
export async function untilFirstBackfillIsDone(api: ApiClient): Promise<void> {
  for (;;) {
    const { items } = await api.get<{ items: Run[] }>('/admin/v1/reconcile');
    if (items.some(({ state, entityType }) => state === 'done' && entityType === KEY.entityType)) return;
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, CHECK_INTERVAL_MS));
}
