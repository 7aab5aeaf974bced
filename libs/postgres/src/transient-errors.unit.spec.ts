import { DbEventError } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { isTransientDatabaseError } from './transient-errors';

describe('isTransientDatabaseError', () => {
  it.each([
    [{ code: '40001' }, true],
    [{ code: '08006' }, true],
    [{ code: 'ECONNREFUSED' }, true],
    [{ code: '25006' }, true],
    [{ code: '53100' }, true],
    [{ code: '57014' }, true],
    [{ code: '58030' }, true],
    [new DbEventError('DATABASE_UNAVAILABLE', 'unavailable'), true],
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
