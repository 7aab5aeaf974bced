import type { AppProcess } from '../../../tools/apps/app-process';
import { waitFor } from '..';
import { ADMIN_TOKEN } from './admin-token';
import type { FaultSystem } from './fault-system';

/** An app that hangs with its server does not answer either. */
const ANSWER_TIMEOUT_MS = 3_000;

/** The status of /health/ready and what it says; 0 if there is no answer. */
export async function readinessOf(app: AppProcess): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(`${app.url}/health/ready`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    return { status: response.status, text: await response.text() };
  } catch {
    return { status: 0, text: '' };
  }
}

/** Waits until every app says that it can do its work. */
export async function allReady(system: FaultSystem): Promise<void> {
  await waitFor(
    async () => {
      const states = await Promise.all([...system.apps.values(), ...system.extraApps].map(readinessOf));
      return states.every(({ status }) => status === 200);
    },
    { timeoutMs: 60_000, what: 'all apps to be ready' },
  );
}

/** Waits until the app says that it lacks a server; a manager without ZooKeeper says `degraded`. */
export async function noticed(app: AppProcess): Promise<void> {
  await waitFor(
    async () => {
      const { status, text } = await readinessOf(app);
      return status !== 200 || text.includes('degraded');
    },
    { timeoutMs: 60_000, what: `${app.app} to notice` },
  );
}
