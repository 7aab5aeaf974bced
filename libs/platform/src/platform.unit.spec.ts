import { DbEventError } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Backoff, pause } from './backoff';
import { readConfig } from './config/read-config';
import { amqpUrl, databaseUrl, port } from './config/variables';
import { cursorOf, toPage } from './http/paging';
import { isTransientDatabaseError } from './postgres/transient-errors';

describe('Backoff', () => {
  it('doubles the bound of its pauses up to the greatest, and starts again after a success', () => {
    const backoff = new Backoff({ initialMs: 100, maxMs: 1_000 });
    for (const bound of [100, 200, 400, 800, 1_000, 1_000]) {
      const next = backoff.next();
      expect(next).toBeGreaterThanOrEqual(bound / 2);
      expect(next).toBeLessThanOrEqual(bound);
    }
    backoff.reset();
    expect(backoff.next()).toBeLessThanOrEqual(100);
  });
});

describe('pause', () => {
  it('ends at once when its signal aborts, also if it had aborted before', async () => {
    const controller = new AbortController();
    const paused = pause(3_600_000, controller.signal);
    controller.abort();
    await paused;
    await pause(3_600_000, controller.signal);
  });
});

describe('readConfig', () => {
  const schema = z.object({ SERVICE_PORT: port.default(3000), DATABASE_URL: databaseUrl, AMQP_URL: amqpUrl });

  it('reads numbers and defaults; an empty variable is one that is not set', () => {
    expect(readConfig(schema, { SERVICE_PORT: '80', DATABASE_URL: 'postgres://u:p@h/d', AMQP_URL: '' })).toEqual({
      SERVICE_PORT: 80,
      DATABASE_URL: 'postgres://u:p@h/d',
      AMQP_URL: 'amqp://guest:guest@127.0.0.1:5672',
    });
  });

  it('tells all faults at once, and no values', () => {
    const read = () => readConfig(schema, { SERVICE_PORT: '0', AMQP_URL: 'http://user:secret@host' });
    expect(read).toThrow(/SERVICE_PORT.*\n.*DATABASE_URL.*\n.*AMQP_URL/);
    expect(read).not.toThrow(/secret/);
    expect(read).toThrow(expect.objectContaining({ code: 'CONFIGURATION_INVALID' }));
  });
});

describe('paging', () => {
  const rows = ['a', 'b', 'c'].map((id) => ({ id }));

  it('leads from page to page', () => {
    const first = toPage(
      rows,
      2,
      ({ id }) => [id],
      ({ id }) => id,
    );
    expect(first.items).toEqual(['a', 'b']);
    expect(cursorOf(first.next, 1)).toEqual(['b']);
    expect(
      toPage(
        rows,
        3,
        ({ id }) => [id],
        ({ id }) => id,
      ),
    ).toEqual({ items: ['a', 'b', 'c'] });
  });

  it('refuses a cursor that is none of ours', () => {
    expect(cursorOf(undefined, 1)).toBeUndefined();
    for (const after of [
      'x',
      Buffer.from('["a","b"]').toString('base64url'),
      Buffer.from('[1]').toString('base64url'),
    ]) {
      expect(() => cursorOf(after, 1)).toThrow('after');
    }
  });
});

describe('isTransientDatabaseError', () => {
  it.each([
    [{ code: '40001' }, true],
    [{ code: '08006' }, true],
    [{ code: 'ECONNREFUSED' }, true],
    [{ code: '25006' }, true],
    [{ code: '53100' }, true],
    [{ code: '57014' }, true],
    [{ code: '58030' }, true],
    [new DbEventError('DATABASE_UNAVAILABLE', 'away'), true],
    [{ code: '23505' }, false],
    [{ code: '25P02' }, false],
    [{ code: '08' }, false],
    [{ code: 'BROKER_UNAVAILABLE' }, false],
    [{ code: 8 }, false],
    [new Error('boom'), false],
    [null, false],
  ])('judges %o: %s', (error, isTransient) => {
    expect(isTransientDatabaseError(error)).toBe(isTransient);
  });
});
