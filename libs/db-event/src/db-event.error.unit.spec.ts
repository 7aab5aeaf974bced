import { describe, expect, it } from 'vitest';
import { DbEventError } from './db-event.error';

describe('DbEventError', () => {
  it('An error has a code and a message, and by default is not retryable and has no details and no cause', () => {
    const error = new DbEventError('QUEUE_MISSING', 'There is no such queue');
    expect(error).toMatchObject({ code: 'QUEUE_MISSING', message: 'There is no such queue', retryable: false });
    expect(error.details).toEqual({});
    expect(Object.hasOwn(error, 'cause')).toBe(false);
  });

  it('An error keeps the cause, the details and the retryable flag that are passed in', () => {
    const cause = new Error('refused');
    const error = new DbEventError('BROKER_UNAVAILABLE', 'unavailable', {
      retryable: true,
      details: { port: 5672 },
      cause,
    });
    expect(error).toMatchObject({ retryable: true, details: { port: 5672 } });
    expect(error.cause).toBe(cause);
  });

  it('An error of a subclass has the subclass as its name', () => {
    class QueueError extends DbEventError {}
    expect(new QueueError('QUEUE_BUSY', 'busy').name).toBe('QueueError');
    expect(new DbEventError('QUEUE_BUSY', 'busy').name).toBe('DbEventError');
  });
});
