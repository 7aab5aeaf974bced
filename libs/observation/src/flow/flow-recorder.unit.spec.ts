import { SubscriptionMap } from '@dbem/db-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { FlowRecorder } from './flow-recorder';
import { STEP_MS } from './flow-series';

const T0 = 100_000 * STEP_MS;
const NOW = T0 + STEP_MS;

describe('FlowRecorder', () => {
  const registry = { map: SubscriptionMap.EMPTY };

  beforeEach(() => {
    registry.map = SubscriptionMap.of([
      { publisher: 'profile', subscriber: 'sharing' },
      { publisher: 'profile', subscriber: 'registry' },
      { publisher: 'registry', subscriber: 'sharing' },
    ]);
  });

  function recorded(): FlowRecorder {
    const flow = new FlowRecorder(registry);
    flow.noteIn('profile', ['registry', 'sharing'], 50, 1_000, T0 + 2_000);
    flow.noteIn('registry', ['sharing'], 20, 1_000, T0 + 2_000);
    flow.noteOut({ publisher: 'profile', subscriber: 'sharing' }, 40, [], 1_000, T0 + 2_000);
    flow.noteDepth('sharing', 3, T0 + 2_000);
    flow.noteDepth('registry', 4, T0 + 2_000);
    return flow;
  }

  const last = (values: readonly (number | null)[]) => values.at(-1);

  it('The flow recorder adds up rates by subscription, by publisher, by subscriber and in total', () => {
    const flow = recorded();
    const inPerS = (key: object) => last(flow.columns(key, 1, NOW).inPerS);
    expect(inPerS({ publisher: 'profile', subscriber: 'sharing' })).toBe(10);
    expect(inPerS({ publisher: 'profile' })).toBe(20);
    expect(inPerS({ subscriber: 'sharing' })).toBe(14);
    expect(inPerS({})).toBe(24);
    expect(last(flow.columns({}, 1, NOW).outPerS)).toBe(8);
  });

  it('The flow recorder adds up the depth of the selected queues', () => {
    const flow = recorded();
    const depth = (key: object) => last(flow.columns(key, 1, NOW).depth);
    expect(depth({ publisher: 'profile', subscriber: 'sharing' })).toBe(3);
    expect(depth({ publisher: 'profile' })).toBe(7);
    expect(depth({ publisher: 'registry' })).toBe(3);
    expect(depth({})).toBe(7);
  });

  it('The flow recorder returns columns of equal length, up to the last complete step', () => {
    const { at, ...columns } = recorded().columns({}, 2, NOW);
    expect(at).toHaveLength(24);
    expect(at.at(-1)).toBe(T0 / 1_000);
    for (const name of ['inPerS', 'outPerS', 'lagP50Ms', 'lagP99Ms', 'depth'] as const) {
      expect(columns[name]).toHaveLength(24);
    }
  });

  it('The flow recorder ignores what has no subscription, and drops a subscription that was removed', () => {
    const flow = recorded();
    flow.noteOut({ publisher: 'a stranger', subscriber: 'sharing' }, 40, [], 1_000, T0 + 2_000);
    expect(last(flow.columns({ publisher: 'a stranger', subscriber: 'sharing' }, 1, NOW).outPerS)).toBeNull();
    registry.map = registry.map.without('profile', 'sharing');
    flow.sweep(NOW);
    expect(last(flow.columns({ publisher: 'profile', subscriber: 'sharing' }, 1, NOW).inPerS)).toBeNull();
    expect(last(flow.columns({ publisher: 'profile' }, 1, NOW).inPerS)).toBe(20);
    registry.map = SubscriptionMap.EMPTY;
    flow.sweep(NOW);
    expect(last(flow.columns({ publisher: 'profile' }, 1, NOW).inPerS)).toBeNull();
    expect(last(flow.columns({ subscriber: 'registry' }, 1, NOW).inPerS)).toBeNull();
    expect(last(flow.columns({}, 1, NOW).inPerS)).not.toBeNull();
  });
});
