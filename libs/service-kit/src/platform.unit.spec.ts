import { DbEventError } from '@dbem/db-event';
import { cursorOf, toPage } from '@dbem/http';
import { isTransientDatabaseError } from '@dbem/postgres';
import { Backoff, pause } from '@dbem/runtime';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfig } from './config/read-config';
import { amqpUrl, databaseUrl, port } from './config/variables';

describe('Backoff', () => {
  it('A backoff doubles the bound of its pauses up to the maximum, and starts again after a reset', () => {
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
  it('A pause ends at once when its signal aborts, also if it had aborted before', async () => {
    const controller = new AbortController();
    const paused = pause(3_600_000, controller.signal);
    controller.abort();
    await paused;
    await pause(3_600_000, controller.signal);
  });
});

describe('readConfig', () => {
  const schema = z.object({ SERVICE_PORT: port.default(3000), DATABASE_URL: databaseUrl, AMQP_URL: amqpUrl });

  it('readConfig reads numbers and defaults, and takes an empty variable as not set', () => {
    expect(readConfig(schema, { SERVICE_PORT: '80', DATABASE_URL: 'postgres://u:p@h/d', AMQP_URL: '' })).toEqual({
      SERVICE_PORT: 80,
      DATABASE_URL: 'postgres://u:p@h/d',
      AMQP_URL: 'amqp://guest:guest@127.0.0.1:5672',
    });
  });

  it('readConfig reports every invalid or missing variable at once, without the values', () => {
    const read = () => readConfig(schema, { SERVICE_PORT: '0', AMQP_URL: 'http://user:secret@host' });
    expect(read).toThrow(/SERVICE_PORT.*\n.*DATABASE_URL.*\n.*AMQP_URL/);
    expect(read).not.toThrow(/secret/);
    expect(read).toThrow(expect.objectContaining({ code: 'CONFIGURATION_INVALID' }));
  });
});

describe('paging', () => {
  const rows = ['a', 'b', 'c'].map((id) => ({ id }));

  it('A cursor leads to the next page, and the last page has none', () => {
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

  it('A cursor that was not issued here is rejected', () => {
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
  ])('isTransientDatabaseError of %o is %s', (error, isTransient) => {
    expect(isTransientDatabaseError(error)).toBe(isTransient);
  });
});
