import { useMemo } from 'react';
import { useFeed } from './live-topology';
import { troublesOf } from './troubles';

/** The number of troubles, the severity of the worst, and the number of parked events. */
export function useTroubleCounts(): {
  readonly troubles: number;
  readonly worst: 'bad' | 'warn';
  readonly parked: number;
} {
  const { topology } = useFeed();
  return useMemo(() => {
    const troubles = topology === undefined ? [] : troublesOf(topology);
    const parked = topology?.services.reduce((sum, service) => sum + (service.parked ?? 0), 0) ?? 0;
    return { troubles: troubles.length, worst: troubles.some(({ tone }) => tone === 'bad') ? 'bad' : 'warn', parked };
  }, [topology]);
}
