import { type Log, SILENT_LOG } from '@dbem/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScriptedQueries } from '../spec-support/scripted-queries';
import { Heartbeat } from './heartbeat';

describe('Heartbeat', () => {
  let database: ScriptedQueries;
  beforeEach(() => {
    vi.useFakeTimers();
    database = new ScriptedQueries();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('A heartbeat is appended at the start and every ten seconds, unless one was appended in the last nine', async () => {
    const heartbeat = new Heartbeat(database);
    await heartbeat.start();
    await vi.advanceTimersByTimeAsync(9_999);
    expect(database.queries).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(database.queries.map(({ params }) => params)).toEqual([[9], [9]]);
    await heartbeat.stop();
  });

  it('Heartbeats keep the configured interval, however often they are started', async () => {
    const heartbeat = new Heartbeat(database, { intervalMs: 500 });
    await heartbeat.start();
    await heartbeat.start();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(database.queries.map(({ params }) => params)).toEqual([[0.45], [0.45], [0.45]]);
    await heartbeat.stop();
  });

  it('An interval of 0 disables heartbeats', async () => {
    const heartbeat = new Heartbeat(database, { intervalMs: 0 });
    await heartbeat.start();
    await vi.advanceTimersByTimeAsync(60_000);
    await heartbeat.stop();
    expect(database.queries).toEqual([]);
  });

  it('Heartbeats continue after a database error, which is logged', async () => {
    const error = new Error('away');
    vi.spyOn(database, 'query').mockRejectedValueOnce(error);
    const logged: unknown[] = [];
    const log: Log = { ...SILENT_LOG, debug: (details) => logged.push(details) };
    const heartbeat = new Heartbeat(database, { intervalMs: 500, log });
    await heartbeat.start();
    await vi.advanceTimersByTimeAsync(500);
    expect(database.queries).toHaveLength(1);
    expect(logged).toEqual([{ err: error }]);
    await heartbeat.stop();
  });

  it('Heartbeats end at once when stopped, also if stopped before the start', async () => {
    const heartbeat = new Heartbeat(database);
    await heartbeat.start();
    await heartbeat.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(database.queries).toHaveLength(1);
    const fresh = new Heartbeat(database);
    await fresh.stop();
    await fresh.start();
    expect(database.queries).toHaveLength(1);
  });
});
