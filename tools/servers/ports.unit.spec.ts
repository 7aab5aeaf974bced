import { describe, expect, it } from 'vitest';
import { freePorts } from './ports';

describe('free ports', () => {
  it('freePorts returns each port only once, even if nothing listens on it yet', async () => {
    const given: number[] = [];
    for (let index = 0; index < 500; index += 1) given.push(...(await freePorts(2)));
    expect(new Set(given).size).toBe(1_000);
  });
});
