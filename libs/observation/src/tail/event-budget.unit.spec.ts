import { describe, expect, it } from 'vitest';
import { EventBudget } from './event-budget';

describe('EventBudget', () => {
  it('An event budget lets its limit pass in each second, and counts the others as skipped', () => {
    const budget = new EventBudget(2);
    expect([0, 1, 2, 3].map((nowMs) => budget.take(nowMs))).toEqual([true, true, false, false]);
    expect(budget.take(1_000)).toBe(true);
    budget.noteSkipped(5);
    expect(budget.takeSkipped()).toBe(7);
    expect(budget.takeSkipped()).toBe(0);
  });
});
