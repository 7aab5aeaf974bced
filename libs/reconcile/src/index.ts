export { comparedFieldSql, entityOutOf } from './postgres/compared-field';
export { EMPTY_DIGEST, inRangeSql, RANGE_DIGEST_SQL, rowDigestSql, valueColumns } from './postgres/digest-sql';
export { RemoteReplicaEndpoint, RemoteSourceEndpoint } from './requests/remote-endpoints';
export { compareStates, differingValues } from './run/compare-states';
export { Clock, ReplicaEndpoint, SourceEndpoint, Throttle } from './run/endpoints.port';
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
export { type RunRequest, restarted, startRun } from './run/start-run';
export { type Statement, statementOf } from './run/statement';
export { InMemoryRunStore } from './store/in-memory-run-store';
export { type Claim, RunStore, type Schedule, textOfKey } from './store/run-store.port';
export { ZooKeeperRunStore } from './zookeeper/zookeeper-run-store';
