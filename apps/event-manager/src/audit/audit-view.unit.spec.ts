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
  it('lists the newest first, page by page', () => {
    const view = new AuditView(100);
    for (let offset = 0; offset < 7; offset += 1) view.add(offset, entry(offset));
    expect(offsetsOf(view, 3)).toEqual([6, 5, 4]);
    expect(offsetsOf(view, 3, 4)).toEqual([3, 2, 1]);
    expect(offsetsOf(view, 3, 1)).toEqual([0]);
    expect(offsetsOf(view, 3, 0)).toEqual([]);
  });

  it('holds no more than it may, and always the newest', () => {
    const view = new AuditView(10);
    for (let offset = 0; offset < 1_000; offset += 1) {
      view.add(offset, entry(offset));
      expect(offsetsOf(view, 1_000)).toHaveLength(Math.min(offset + 1, 10));
    }
    expect(offsetsOf(view, 2)).toEqual([999, 998]);
  });

  it('passes over what it has seen and what can’t be read, and knows where to read on', () => {
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
