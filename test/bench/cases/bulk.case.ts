import type { BenchCase } from './bench-case';
import { byPeers } from './peers.case';
import { measureWhole } from './whole.case';
import { startFloorPath, startOurPath, type WholeWork } from './whole-path';

const WRITERS = 4;
const PER_TRANSACTION = 100;

/** Large transactions: 100 changes each, from 4 writers, into both replicas. */
export const bulkCase: BenchCase = {
  name: 'bulk',
  goal: { rate: 0.7, other: 'ours ≥ 5 × each peer' },
  variants({ events = 100_000 }) {
    const work: WholeWork = { events, users: events, writers: WRITERS, perTransaction: PER_TRANSACTION };
    return [
      { point: '', side: 'ours', run: async (world) => measureWhole(world, work, await startOurPath(world, work)) },
      { point: '', side: 'floor', run: async (world) => measureWhole(world, work, await startFloorPath(world, work)) },
      ...byPeers(work),
    ];
  },
};
