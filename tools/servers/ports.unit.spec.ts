import { describe, expect, it } from 'vitest';
import { freePorts } from './ports';

describe('free ports', () => {
  it('are given to nobody twice, though nobody listens on them yet', async () => {
    const given: number[] = [];
    for (let index = 0; index < 500; index += 1) given.push(...(await freePorts(2)));
    expect(new Set(given).size).toBe(1_000);
  });
});
