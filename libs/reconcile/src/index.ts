export { comparedFieldSql, entityOutOf, pathsOf } from './postgres/compared-field';
export { EMPTY_DIGEST, inRangeSql, RANGE_DIGEST_SQL, rowDigestSql, valueColumns } from './postgres/digest-sql';
export type { KeyRange, LookedAt, RangeDigest, RowDigest } from './protocol/comparison';
export type { ReplicaProtocol } from './protocol/replica-protocol';
export type { Ghost, RowToSend, Sent, SourceProtocol } from './protocol/source-protocol';
export { RpcReplicaSide, RpcSourceSide } from './rpc/rpc-sides';
export { type Serving, serve } from './rpc/serve';
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
export { begunAnew, DEFAULT_RUN_OPTIONS, type RunRequest, startRun } from './run/start-run';
export { type Statement, statementOf } from './run/statement';
export { InMemoryRunStore } from './store/in-memory-run-store';
export { type Claim, RunStore, type Schedule, textOfKey } from './store/run-store.port';
export { ZooKeeperRunStore } from './zookeeper/zookeeper-run-store';
