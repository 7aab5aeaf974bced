import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { AppProcess } from '../../../../tools/apps/app-process';
import { probePort } from '../../../../tools/servers/ports';
import { waitFor } from '../../waiting/wait-for';

/**
 * Waits until the process has ended by SIGKILL (sent by the test or by its checkpoint) and its port refuses
 * connections.
 */
export async function expectKilled(app: AppProcess): Promise<void> {
  await waitFor(() => !app.isRunning, { what: `${app.app} to end` });
  expect(app.exitSignal).toBe('SIGKILL');
  await expectRefused(app.port);
}

/** Waits until the port refuses connections: its process has ended. */
export async function expectRefused(port: number): Promise<void> {
  await waitFor(async () => (await answerOf(port)) === 'ECONNREFUSED', { what: `port ${port} to refuse connections` });
}

/** Waits until the port accepts connections. */
export async function expectAccepted(port: number): Promise<void> {
  await waitFor(async () => (await answerOf(port)) === 'accepted', { what: `port ${port} to accept connections` });
}

/** Waits until the process is paused (state T in /proc). */
export async function expectPaused(app: AppProcess): Promise<void> {
  await waitFor(() => / T /.test(readFileSync(`/proc/${app.pid}/stat`, 'utf8')), { what: `${app.app} to be paused` });
}

/** `accepted` or the error code; connections may be reset briefly while a process ends. */
function answerOf(port: number): Promise<string | undefined> {
  return probePort(port).then(
    () => 'accepted',
    (error: NodeJS.ErrnoException) => error.code,
  );
}
