import type { AppInstance } from '../../apps/app-instance';
import { request } from '../../http/http';
import { waitFor } from '../../waiting/wait-for';
import { ADMIN_TOKEN } from '../admin-token';

/** An app that hangs because its server hangs does not answer. */
const ANSWER_TIMEOUT_MS = 3_000;

/** One component on which the app's readiness depends. */
interface Part {
  readonly status: 'up' | 'down';
  /** Only of the subscription map. */
  readonly state?: string;
  /** Only of the intake: true while it is suspended. */
  readonly isSuspended?: boolean;
}

export interface ReadinessReport {
  /** 0 if there was no response. */
  readonly status: number;
  readonly details: Readonly<Record<string, Part>>;
}

/** Requests /health/ready. */
export async function readinessOf(app: AppInstance): Promise<ReadinessReport> {
  try {
    const { status, body } = await request<Pick<ReadinessReport, 'details'>>('GET', `${app.url}/health/ready`, {
      token: ADMIN_TOKEN,
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    return { status, details: body.details };
  } catch {
    return { status: 0, details: {} };
  }
}

/** Waits until every app is ready and no subscription map is degraded. */
export async function allReady({ instances }: { readonly instances: readonly AppInstance[] }): Promise<void> {
  let reports: readonly string[] = [];
  const notReady = async (app: AppInstance) => {
    const report = await readinessOf(app);
    return isReady(report) ? [] : [`${app.app}: ${JSON.stringify(report)}`];
  };
  await waitFor(
    async () => {
      reports = (await Promise.all(instances.map(notReady))).flat();
      return reports.length === 0;
    },
    { what: () => `all apps to be ready; ${reports.join('; ')}` },
  );
}

/** Waits until the app is not ready, or, for a manager without ZooKeeper, its map is degraded. */
export async function expectNotReady(app: AppInstance): Promise<void> {
  await waitFor(async () => !isReady(await readinessOf(app)), { what: `${app.app} to be no longer ready` });
}

/** Waits until the app reports this component as down. */
export async function expectDown(app: AppInstance, part: string): Promise<void> {
  await waitFor(
    async () => {
      const { status, details } = await readinessOf(app);
      return status === 503 && details[part]?.status === 'down';
    },
    { what: `${app.app} to report that its ${part} is down` },
  );
}

function isReady({ status, details }: ReadinessReport): boolean {
  return status === 200 && details['subscriptionMap']?.state !== 'degraded';
}
