import { useMemo } from 'react';
import { useFeed } from './live-topology';

/** The number of troubles, whether one is an error, and the number of parked events. */
export function useTroubleCounts(): {
  readonly troubles: number;
  readonly worst: 'bad' | 'warn';
  readonly parked: number;
} {
  const { topology } = useFeed();
  return useMemo(() => {
    const troubles = topology?.troubles ?? [];
    const parked = topology?.services.reduce((sum, service) => sum + (service.parked ?? 0), 0) ?? 0;
    const worst = troubles.some(({ severity }) => severity === 'error') ? 'bad' : 'warn';
    return { troubles: troubles.length, worst, parked };
  }, [topology]);
}
