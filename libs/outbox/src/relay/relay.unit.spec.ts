import type { Version } from '@dbem/db-event';
import { DbEventError } from '@dbem/db-event';
import { decodeMessage } from '@dbem/entity-codec';
import { type Log, SILENT_LOG } from '@dbem/runtime';
import type { OutgoingMessage } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OutboxRow } from '../outbox-store.port';
import { eventsIn, ScriptedBroker } from '../spec-support/scripted-broker';
import { WatchedOutboxStore } from '../spec-support/watched-outbox-store';
import { Relay, type RelayObserver, type RelayOptions } from './relay';

const START_MS = 1_700_000_000_000;
const MEBIBYTE = 1024 * 1024;

/** An entity whose event is a batch of its own. */
const LARGE = Buffer.alloc(MEBIBYTE);

/** Of the first event of a batch. */
const idOf = (message: OutgoingMessage) => eventsIn(message)[0]?.messageId;

function rowOf(version: Version, entity: Buffer = Buffer.from([1, 2])): OutboxRow {
  return { version, entityType: 'PROJECT', entityId: 'p', crudType: 'UPDATE', changeTimeMs: 5, entity };
}

function rowsOf(count: number, entity?: Buffer): OutboxRow[] {
  return Array.from({ length: count }, (_, index) => rowOf(BigInt(index + 1), entity));
}

class Observed implements Required<RelayObserver> {
  readonly calls: unknown[] = [];

  published(count: number): void {
    this.calls.push(['published', count]);
  }
  failed(count: number, error: unknown): void {
    this.calls.push(['failed', count, (error as Error).message]);
  }
  claimed(rows: readonly OutboxRow[]): void {
    this.calls.push(['claimed', rows.length]);
  }
  confirmed(row: OutboxRow, tookMs: number): void {
    this.calls.push(['confirmed', row.version, tookMs]);
  }
}

describe('Relay', () => {
  let store: WatchedOutboxStore;
  let broker: ScriptedBroker;
  let relay: Relay;

  beforeEach(() => {
    vi.useFakeTimers({ now: START_MS - 5_000 });
    vi.advanceTimersByTime(5_000);
    // Without jitter: backoff pauses have their maximum length.
    vi.spyOn(Math, 'random').mockReturnValue(1);
    store = new WatchedOutboxStore();
    broker = new ScriptedBroker();
  });

  afterEach(async () => {
    const stopped = relay.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    await stopped;
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  async function start(options: Partial<RelayOptions> = {}): Promise<void> {
    relay = new Relay(store, broker, { service: 'registry', ...options });
    await relay.start();
    await vi.advanceTimersByTimeAsync(0);
  }

  const claimTimes = () => store.claims.map(({ atMs }) => atMs - START_MS);
  const claimLimits = () => store.claims.map(({ limits }) => limits.rows);
  const versions = () => broker.events.map(({ messageId }) => messageId?.split(':')[1]);

  it('A change is published to the event manager as an event with the publisher’s name', async () => {
    const dependencies = [{ publisher: 'a', entityType: 'TENANT', entityId: 't', minimumVersion: undefined }] as const;
    store.append({ ...rowOf(7n), dependencies });
    await start();
    expect(broker.published).toMatchObject([{ exchange: 'db.event.intake', routingKey: 'events' }]);
    expect(broker.events).toMatchObject([{ contentType: 'text/plain', messageId: 'registry:7', headers: {} }]);
    expect(decodeMessage(broker.events[0]?.body ?? Buffer.alloc(0))).toMatchObject({
      kind: 'event',
      event: {
        publisher: 'registry',
        eventId: 'registry:7',
        version: 7n,
        entityType: 'PROJECT',
        entityId: 'p',
        crudType: 'UPDATE',
        changeTimeMs: 5,
        entity: Buffer.from([1, 2]),
        dependencies,
      },
    });
  });

  it('An idle relay claims when it is woken, and once per second', async () => {
    await start();
    expect(claimTimes()).toEqual([0]);
    expect(store.awaited).toEqual([true]);
    await vi.advanceTimersByTimeAsync(999);
    expect(claimTimes()).toEqual([0]);
    await vi.advanceTimersByTimeAsync(1);
    expect(claimTimes()).toEqual([0, 1_000]);
    await vi.advanceTimersByTimeAsync(300);
    store.append(rowOf(1n));
    await vi.advanceTimersByTimeAsync(0);
    expect(claimTimes()).toEqual([0, 1_000, 1_300]);
    expect(versions()).toEqual(['1']);
  });

  it('A relay polls at the configured interval', async () => {
    await start({ pollIntervalMs: 50 });
    await vi.advanceTimersByTimeAsync(120);
    expect(claimTimes()).toEqual([0, 50, 100]);
  });

  it('A row that is appended during a claim is claimed right after that claim', async () => {
    broker.confirm = async () => {
      if (broker.published.length === 1) store.append(rowOf(2n));
    };
    store.append(rowOf(1n));
    await start();
    expect(versions()).toEqual(['1', '2']);
  });

  it.each([
    [10, true],
    [9, false],
  ])('A claim of %s rows is followed by another at once, without waiting for an append: %s', async (count, isBusy) => {
    store.append(...rowsOf(count));
    await start();
    expect(store.awaited).toEqual(isBusy ? [false, true] : [true]);
    expect(store.claims).toHaveLength(isBusy ? 2 : 1);
  });

  it('A claim that reaches its limit is followed by another at once, even if the limit is low', async () => {
    store.append(...rowsOf(3));
    await start({ batchSize: 2 });
    expect(claimLimits()).toEqual([2, 2]);
    expect(versions()).toEqual(['1', '2', '3']);
  });

  it('Claims under load are spaced, so that each claims many rows', async () => {
    store.append(...rowsOf(1_300));
    await start();
    await vi.advanceTimersByTimeAsync(100);
    expect(claimLimits().slice(0, 4)).toEqual([500, 500, 500, 500]);
    expect(claimTimes().slice(0, 4)).toEqual([0, 20, 40, 60]);
    expect(broker.published.map((message) => eventsIn(message).length)).toEqual([500, 500, 300]);
  });

  it('A claim is limited to 8 MiB, and one that is full is followed by another at once', async () => {
    const observer = new Observed();
    store.append(...rowsOf(3, Buffer.alloc(4 * MEBIBYTE)), rowOf(4n, Buffer.alloc(9 * MEBIBYTE)), rowOf(5n));
    await start({ observer });
    const claimed = observer.calls.flatMap((call) => (Array.isArray(call) && call[0] === 'claimed' ? [call[1]] : []));
    // 2 × 4 MiB; 4 MiB, because 9 would not fit; 9 MiB alone; the small row.
    expect(claimed).toEqual([2, 1, 1, 1]);
    expect(claimTimes()).toEqual([0, 0, 0, 0]);
    expect(store.awaited).toEqual([false, false, false, true]);
  });

  it('Nothing is claimed while the broker is unavailable, and its connection is checked ten times per second', async () => {
    broker.isAway = true;
    store.append(rowOf(1n));
    await start();
    await vi.advanceTimersByTimeAsync(250);
    expect(store.claims).toEqual([]);
    expect(store.awaited).toEqual([false, false, false]);
    broker.isAway = false;
    await vi.advanceTimersByTimeAsync(50);
    expect(claimTimes()).toEqual([300]);
    expect(versions()).toEqual(['1']);
  });

  it('Changes that the broker rejects stay in the outbox and are retried with a backoff that a success resets', async () => {
    const observer = new Observed();
    store.append(...rowsOf(3, LARGE));
    let refusals = 3;
    broker.confirm = async (message) => {
      if (idOf(message) !== 'registry:2' || refusals === 0) return;
      refusals -= 1;
      throw new DbEventError('MESSAGE_REJECTED', 'refused registry:2', { retryable: true });
    };
    await start({ observer });
    await vi.advanceTimersByTimeAsync(350);
    expect(versions()).toEqual(['1', '2', '3', '2', '2', '2']);
    expect(claimTimes()).toEqual([0, 50, 150, 350]);
    refusals = 1;
    store.append(rowOf(2n, LARGE));
    await vi.advanceTimersByTimeAsync(50);
    // The backoff starts again with its first pause.
    expect(claimTimes()).toEqual([0, 50, 150, 350, 350, 400]);
    expect(observer.calls.slice(0, 7)).toEqual([
      ['claimed', 3],
      ['confirmed', 1n, 0],
      ['confirmed', 3n, 0],
      ['failed', 1, 'refused registry:2'],
      ['published', 2],
      ['claimed', 1],
      ['failed', 1, 'refused registry:2'],
    ]);
  });

  it('The backoff between failed claims is at most five seconds', async () => {
    store.failures.push(...Array.from({ length: 10 }, () => new Error('the database is away')));
    await start();
    await vi.advanceTimersByTimeAsync(25_000);
    const times = claimTimes();
    expect(times.slice(0, 5)).toEqual([0, 50, 150, 350, 750]);
    expect((times[9] ?? 0) - (times[8] ?? 0)).toBe(5_000);
  });

  it('An observer gets the broker’s time to confirm, and the number of deleted rows', async () => {
    const observer = new Observed();
    broker.confirm = () => new Promise((resolve) => setTimeout(resolve, 30));
    store.append(rowOf(1n));
    await start({ observer });
    await vi.advanceTimersByTimeAsync(30);
    expect(observer.calls).toEqual([
      ['claimed', 1],
      ['confirmed', 1n, 30],
      ['published', 1],
    ]);
  });

  it.each([
    ['no observer', undefined],
    ['an observer without methods', {}],
  ])('A relay with %s retries only what was rejected', async (_what, observer) => {
    broker.confirm = async (message) => {
      if (idOf(message) === 'registry:1' && broker.published.length === 1) {
        throw new DbEventError('MESSAGE_REJECTED', 'refused', { retryable: true });
      }
    };
    store.append(...rowsOf(2, LARGE));
    await start(observer && { observer });
    await vi.advanceTimersByTimeAsync(500);
    expect(versions()).toEqual(['1', '2', '1']);
    expect(claimTimes()).toEqual([0, 50]);
    // The second claim succeeded: the relay waits to be woken.
    expect(store.awaited).toEqual([true]);
  });

  it('A partly rejected claim is logged with the number of changes that were not confirmed', async () => {
    const warnings: unknown[] = [];
    const log: Log = { ...SILENT_LOG, warn: (details) => warnings.push(details) };
    broker.confirm = async (message) => {
      if (idOf(message) !== 'registry:2') throw new DbEventError('MESSAGE_REJECTED', 'refused', { retryable: true });
    };
    store.append(...rowsOf(3, LARGE));
    await start({ log });
    expect(warnings).toEqual([{ err: new Error('2 of 3 changes were not confirmed') }]);
  });

  it('A claim on an empty outbox is not reported to the observer', async () => {
    const observer = new Observed();
    await start({ observer });
    expect(observer.calls).toEqual([]);
  });

  it('A stopped relay finishes its current claim, claims no more and stops the store', async () => {
    let confirm = () => {};
    broker.confirm = () => new Promise((resolve) => (confirm = resolve));
    store.append(...rowsOf(1));
    await start();
    let isStopped = false;
    const stopped = relay.stop().then(() => {
      isStopped = true;
    });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(isStopped).toBe(false);
    expect(store.stops).toBe(0);
    confirm();
    await stopped;
    expect(store.stops).toBe(1);
    expect(store.claims).toHaveLength(1);
  });

  it.each([
    ['waits for rows', () => {}],
    ['waits for the broker', () => (broker.isAway = true)],
    ['pauses after a failure', () => store.failures.push(new Error('the database is away'))],
  ])('A relay that %s stops at once', async (_what, prepare) => {
    prepare();
    await start({ pollIntervalMs: 1_000_000 });
    await relay.stop();
    const claims = store.claims.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(store.claims).toHaveLength(claims);
    expect(store.stops).toBe(1);
  });

  it('A relay starts once, and not again after it was stopped', async () => {
    await start();
    await relay.start();
    expect([store.starts, store.registrations]).toEqual([1, 1]);
    await relay.stop();
    const fresh = new Relay(store, broker, { service: 'registry' });
    await fresh.stop();
    await fresh.start();
    expect([store.starts, store.registrations]).toEqual([1, 1]);
  });
});
