import { afterEach, describe, expect, it, vi } from 'vitest';
import { IdempotencyStore } from './idempotency-store';

describe('IdempotencyStore', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('The idempotency store returns the first answer to a repeated request, and under way until there is one', () => {
    const answers = new IdempotencyStore();
    expect(answers.claim('key', 'PUT a')).toEqual({ kind: 'first' });
    expect(answers.claim('key', 'PUT a')).toEqual({ kind: 'under way' });
    answers.keep('key', { status: 201, body: { a: 1 } });
    expect(answers.claim('key', 'PUT a')).toEqual({ kind: 'answered', answer: { status: 201, body: { a: 1 } } });
  });

  it('The idempotency store recognises another request with the same key', () => {
    const answers = new IdempotencyStore();
    answers.claim('key', 'PUT a');
    expect(answers.claim('key', 'PUT b')).toEqual({ kind: 'other request' });
  });

  it('A failed request can be retried with the same idempotency key', () => {
    const answers = new IdempotencyStore();
    answers.claim('key', 'PUT a');
    answers.release('key');
    expect(answers.claim('key', 'PUT a')).toEqual({ kind: 'first' });
  });

  it('The idempotency store evicts the oldest request beyond its limit, and requests that are too old', () => {
    vi.useFakeTimers();
    const answers = new IdempotencyStore({ maxRequests: 3, maxAgeMs: 1_000 });
    for (const key of ['a', 'b', 'c', 'd']) answers.claim(key, 'PUT');
    expect(answers.size).toBe(3);
    expect(answers.claim('d', 'PUT')).toEqual({ kind: 'under way' });
    expect(answers.claim('a', 'PUT')).toEqual({ kind: 'first' });
    vi.advanceTimersByTime(1_001);
    expect(answers.claim('d', 'PUT')).toEqual({ kind: 'first' });
  });
});
