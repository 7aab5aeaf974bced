import { expect, it } from 'vitest';
import { arrivedAs, failedSince } from '../spec-support/group-deliveries';
import { deliveryOf } from './dry-run-delivery';

it('The delivery of a dry run has the headers that order its event', () => {
  const body = Buffer.from('body').toString('base64');
  const failed = failedSince('2026-11-01');
  expect(deliveryOf({ body })).toMatchObject({ body: Buffer.from('body'), headers: {} });
  expect(deliveryOf({ body, arrival: '7', firstFailedAt: '2026-11-01T00:00:00.000Z' }).headers).toEqual({
    ...arrivedAs(7n),
    ...failed,
  });
});
