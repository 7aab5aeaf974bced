import { describe, expect, it } from 'vitest';
import type { AuditEntry } from './audit-entry';
import { AuditView } from './audit-view';

const entry = (id: number, action = 'A'): AuditEntry => ({
  id: String(id),
  at: '2026-01-01T00:00:00.000Z',
  who: { name: 'ada', provedBy: 'token' },
  from: { manager: 'm' },
  action,
  target: {},
  result: 'done',
  outcome: '200',
});

const offsetsOf = (view: AuditView, limit: number, before?: number, action?: string) =>
  view.list(limit, before, (one) => action === undefined || one.action === action).map(({ offset }) => offset);

describe('AuditView', () => {
  it('The audit view lists the newest entries first, page by page', () => {
    const view = new AuditView(100);
    for (let offset = 0; offset < 7; offset += 1) view.add(offset, entry(offset));
    expect(offsetsOf(view, 3)).toEqual([6, 5, 4]);
    expect(offsetsOf(view, 3, 4)).toEqual([3, 2, 1]);
    expect(offsetsOf(view, 3, 1)).toEqual([0]);
    expect(offsetsOf(view, 3, 0)).toEqual([]);
  });

  it('The audit view keeps only the newest entries, up to its limit', () => {
    const view = new AuditView(10);
    for (let offset = 0; offset < 1_000; offset += 1) {
      view.add(offset, entry(offset));
      expect(offsetsOf(view, 1_000)).toHaveLength(Math.min(offset + 1, 10));
    }
    expect(offsetsOf(view, 2)).toEqual([999, 998]);
  });

  it('An audit outcome replaces the started entry of its action, and an action without outcome stays started', () => {
    const view = new AuditView(10);
    const started = (id: number): AuditEntry => ({ ...entry(id), result: 'started', outcome: 'unknown' });
    view.add(0, started(1));
    view.add(1, started(2));
    view.add(2, entry(3));
    view.add(3, entry(1));
    const listed = view.list(10, undefined, () => true);
    expect(listed.map(({ offset, entry: { id, result } }) => [offset, id, result])).toEqual([
      [2, '3', 'done'],
      [1, '2', 'started'],
      [0, '1', 'done'],
    ]);
    expect(view.nextOffset).toBe(4);
  });

  it('An audit outcome whose started entry was evicted is listed by itself', () => {
    const view = new AuditView(2);
    view.add(0, { ...entry(0), result: 'started', outcome: 'unknown' });
    for (let offset = 1; offset < 5; offset += 1) view.add(offset, entry(offset));
    view.add(5, entry(0));
    expect(offsetsOf(view, 10)).toEqual([5, 4]);
  });

  it('The audit view skips repeated and unreadable entries and continues after the last offset', () => {
    const view = new AuditView(10);
    view.add(0, entry(0));
    view.add(1, undefined);
    view.add(0, entry(0));
    view.add(5, entry(5, 'B'));
    expect(offsetsOf(view, 10)).toEqual([5, 0]);
    expect(offsetsOf(view, 10, undefined, 'B')).toEqual([5]);
    expect(view.nextOffset).toBe(6);
  });
});
