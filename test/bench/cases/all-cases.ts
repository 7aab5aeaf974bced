import { applyCase } from './apply.case';
import type { BenchCase } from './bench-case';
import { latencyCase } from './latency.case';
import { publishCase, transactionCase } from './publish.case';
import { routeCase } from './route.case';
import { wholeCase } from './whole.case';

/** In the order in which they run. */
export const CASES: readonly BenchCase[] = [routeCase, applyCase, publishCase, transactionCase, wholeCase, latencyCase];
