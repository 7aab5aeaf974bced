import type { AppInstance } from '../../apps/app-instance';
import { request } from '../../http/http';
import { waitFor } from '../../waiting/wait-for';
import { ADMIN_TOKEN } from '../admin-token';

/** An app that hangs with its server does not answer either. */
const ANSWER_TIMEOUT_MS = 3_000;

/** One part of an app on which its readiness depends. */
interface Part {
  readonly status: 'up' | 'down';
  /** Of the subscription map. */
  readonly state?: string;
  /** Of the intake: it consumes nothing. */
  readonly isHeld?: boolean;
}

export interface ReadinessReport {
  /** 0 if there is no answer. */
  readonly status: number;
  readonly details: Readonly<Record<string, Part>>;
}

/** The answer of /health/ready. */
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

/** Waits until every app can do its work, and nothing of it is degraded. */
export async function allReady({ instances }: { readonly instances: readonly AppInstance[] }): Promise<void> {
  await waitFor(async () => (await Promise.all(instances.map(isReady))).every((is) => is), {
    timeoutMs: 120_000,
    what: 'all apps to be ready',
  });
}

/** Waits until the app reports that it lacks a server: not ready; of a manager without ZooKeeper: degraded. */
export async function expectNotReady(app: AppInstance): Promise<void> {
  await waitFor(async () => !(await isReady(app)), { what: `${app.app} to be no longer ready` });
}

/** Waits until the app reports that this part of it is down. */
export async function expectDown(app: AppInstance, part: string): Promise<void> {
  await waitFor(
    async () => {
      const { status, details } = await readinessOf(app);
      return status === 503 && details[part]?.status === 'down';
    },
    { what: `${app.app} to report that its ${part} is down` },
  );
}

async function isReady(app: AppInstance): Promise<boolean> {
  const { status, details } = await readinessOf(app);
  return status === 200 && details['subscriptionMap']?.state !== 'degraded';
}
