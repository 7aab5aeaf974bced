import { expect, it } from 'vitest';
import { formatBytes, formatDuration, formatRate, plural } from './format';

it('formatDuration formats a duration with at most two units', () => {
  const written = [0, 42, 999, 1_250, 12_900, 61_000, 3_600_000, 3_900_000, 90_000_000].map(formatDuration);
  expect(written).toEqual(['0 ms', '42 ms', '999 ms', '1.2 s', '12 s', '1 min 1 s', '1 h', '1 h 5 min', '1 d 1 h']);
});

it('formatRate formats a rate with at most three digits', () => {
  expect([0, 0.01, 0.44, 9.96, 12.4, 12_345].map(formatRate)).toEqual(['0', '0', '0.4', '10', '12', '12.3k']);
});

it('formatBytes formats a size in powers of 1024', () => {
  expect([0, 512, 1_536, 20_480, 5_242_880].map(formatBytes)).toEqual(['0 B', '512 B', '1.5 KiB', '20 KiB', '5.0 MiB']);
});

it('plural formats a count with the singular or plural of its noun', () => {
  expect([plural(1, 'event'), plural(2_000, 'event'), plural(0, 'forgery', 'forgedMessages')]).toEqual([
    '1 event',
    '2,000 events',
    '0 forgedMessages',
  ]);
});
