import { DbEventError } from '@dbem/db-event';
import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';
import { classifyFailure } from './classify-failure';

function databaseError(code: string): DatabaseError {
  return Object.assign(new DatabaseError(code, 0, 'error'), { code });
}

/** This error wrapped in `depth` others. */
function wrapped(error: Error, depth: number): Error {
  return depth === 0 ? error : new Error('wrapped', { cause: wrapped(error, depth - 1) });
}

const unavailable = new DbEventError('DATABASE_UNAVAILABLE', 'unavailable');

describe('classifyFailure', () => {
  it.each([
    ['57P01', 'unavailable'],
    ['08006', 'unavailable'],
    ['40P01', 'contended'],
    ['55P03', 'contended'],
    ['42P01', 'rejected'],
    ['23505', 'rejected'],
  ])('A database error with code %s is classified as %s', (code, kind) => {
    expect(classifyFailure(databaseError(code))).toBe(kind);
    expect(classifyFailure(wrapped(databaseError(code), 3))).toBe(kind);
  });

  it('A DATABASE_UNAVAILABLE error is classified as unavailable, also if a handler has wrapped it', () => {
    expect(classifyFailure(unavailable)).toBe('unavailable');
    expect(classifyFailure(wrapped(unavailable, 9))).toBe('unavailable');
  });

  it('A cause is found ten errors deep, and no deeper', () => {
    expect(classifyFailure(wrapped(unavailable, 10))).toBe('rejected');
    expect(classifyFailure(wrapped(databaseError('40001'), 9))).toBe('contended');
    expect(classifyFailure(wrapped(databaseError('40001'), 10))).toBe('rejected');
  });

  it.each([
    ['a bug', new TypeError('undefined is not a function')],
    ['a refused connection to another system', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
    ['a database code on an error that is not the database’s', Object.assign(new Error('no'), { code: '40001' })],
    ['another error of ours', new DbEventError('HANDLER_FAILED', 'no')],
    ['a string', 'no'],
    ['undefined', undefined],
    ['a cause that is not an error', new Error('no', { cause: { code: '40001' } })],
  ])('A failure caused by %s is classified as rejected', (_what, error) => {
    expect(classifyFailure(error)).toBe('rejected');
  });
});
