import { applyCase } from './apply.case';
import type { BenchCase } from './bench-case';
import { bulkCase } from './bulk.case';
import { burstCase } from './burst.case';
import { fanOutCase } from './fan-out.case';
import { backlogCase, entitySizeCase, instancesCase } from './growth.cases';
import { latencyCase } from './latency.case';
import { mapCase } from './map.case';
import { peersCase } from './peers.case';
import { publishCase, transactionCase } from './publish.case';
import { readersCase } from './readers.case';
import { routeCase } from './route.case';
import { wholeCase } from './whole.case';

/** All cases in the order in which they run. */
export const CASES: readonly BenchCase[] = [
  routeCase,
  applyCase,
  publishCase,
  transactionCase,
  wholeCase,
  bulkCase,
  latencyCase,
  burstCase,
  peersCase,
  fanOutCase,
  mapCase,
  backlogCase,
  entitySizeCase,
  instancesCase,
  readersCase,
];
