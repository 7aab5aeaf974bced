export { comparedFieldSql, entityOutOf } from './postgres/compared-field';
export { EMPTY_DIGEST, inRangeSql, RANGE_DIGEST_SQL, rowDigestSql, valueColumns } from './postgres/digest-sql';
export { AskedReplicaSide, AskedSourceSide } from './requests/asked-sides';
export { differingValues, type Judgement, judge } from './run/judge';
export {
  comparedOf,
  countOf,
  Differences,
  isOver,
  RangeDifference,
  type ReconcileRun,
  RowDifference,
  type RunKey,
  type RunKind,
  type RunOptions,
  type RunProgress,
  type RunState,
} from './run/reconcile-run';
export { RunExecution, type RunExecutionOptions } from './run/run-execution';
export { Clock, Pace, ReplicaSide, SourceSide } from './run/sides.port';
export { begunAnew, type RunRequest, startRun } from './run/start-run';
export { type Statement, statementOf } from './run/statement';
export { InMemoryRunStore } from './store/in-memory-run-store';
export { type Claim, RunStore, type Schedule, textOfKey } from './store/run-store.port';
export { ZooKeeperRunStore } from './zookeeper/zookeeper-run-store';
