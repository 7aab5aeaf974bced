import { afterEach, describe, expect, it, vi } from 'vitest';
import { RememberedAnswers } from './remembered-answers';

describe('RememberedAnswers', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives the first answer to whoever asks the same again', () => {
    const answers = new RememberedAnswers();
    expect(answers.claim('key', 'PUT a')).toEqual({ kind: 'first' });
    expect(answers.claim('key', 'PUT a')).toEqual({ kind: 'under way' });
    answers.keep('key', { status: 201, body: { a: 1 } });
    expect(answers.claim('key', 'PUT a')).toEqual({ kind: 'answered', answer: { status: 201, body: { a: 1 } } });
  });

  it('does not take another request for the same one because it has the same key', () => {
    const answers = new RememberedAnswers();
    answers.claim('key', 'PUT a');
    expect(answers.claim('key', 'PUT b')).toEqual({ kind: 'other request' });
  });

  it('lets a request that failed be tried again', () => {
    const answers = new RememberedAnswers();
    answers.claim('key', 'PUT a');
    answers.release('key');
    expect(answers.claim('key', 'PUT a')).toEqual({ kind: 'first' });
  });

  it('forgets the oldest beyond its bound, and what is too old', () => {
    vi.useFakeTimers();
    const answers = new RememberedAnswers({ maxRequests: 3, maxAgeMs: 1_000 });
    for (const key of ['a', 'b', 'c', 'd']) answers.claim(key, 'PUT');
    expect(answers.size).toBe(3);
    expect(answers.claim('d', 'PUT')).toEqual({ kind: 'under way' });
    vi.advanceTimersByTime(1_001);
    expect(answers.claim('d', 'PUT')).toEqual({ kind: 'first' });
  });
});
