import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { AppProcess } from '../../../../tools/apps/app-process';
import { probePort } from '../../../../tools/servers/ports';
import { waitFor } from '../../waiting/wait-for';

/** Waits until the process has ended by SIGKILL, of the test's or of its own checkpoint, and its port refuses. */
export async function expectKilled(app: AppProcess): Promise<void> {
  await waitFor(() => !app.isRunning, { what: `${app.app} to end` });
  expect(app.exitSignal).toBe('SIGKILL');
  await expectRefused(app.port);
}

/** Waits until nobody listens on the port: its process is gone. */
export async function expectRefused(port: number): Promise<void> {
  await waitFor(async () => (await answerOf(port)) === 'ECONNREFUSED', { what: `port ${port} to refuse connections` });
}

/** Waits until somebody listens on the port again. */
export async function expectAccepted(port: number): Promise<void> {
  await waitFor(async () => (await answerOf(port)) === 'accepted', { what: `port ${port} to accept connections` });
}

/** Waits until the process is paused: Linux reports it as stopped. */
export async function expectPaused(app: AppProcess): Promise<void> {
  await waitFor(() => / T /.test(readFileSync(`/proc/${app.pid}/stat`, 'utf8')), { what: `${app.app} to be paused` });
}

/** `accepted`, or the code of the error: while a process ends, connections may be reset for a moment. */
function answerOf(port: number): Promise<string | undefined> {
  return probePort(port).then(
    () => 'accepted',
    (error: NodeJS.ErrnoException) => error.code,
  );
}
