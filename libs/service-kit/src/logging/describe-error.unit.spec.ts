import { DbEventError } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { describeError } from './describe-error';

describe('describeError', () => {
  it('describeError includes the code, the message, the stack and the cause', () => {
    const error = new DbEventError('QUEUE_MISSING', 'no queue', { cause: new Error('404') });
    expect(describeError(error)).toMatchObject({ code: 'QUEUE_MISSING', message: expect.stringContaining('no queue') });
    expect(JSON.stringify(describeError(error))).toContain('caused by: Error: 404');
  });

  it('describeError leaves out the client of a lost database connection', () => {
    const lost = Object.assign(new Error('terminating connection'), { client: { connectionParameters: {} } });
    expect(describeError(lost)).not.toHaveProperty('client');
  });
});
