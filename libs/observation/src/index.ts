export type { FlowColumns } from './flow/flow-columns';
export { FlowRecorder } from './flow/flow-recorder';
export { instanceOf, managerNodeOf } from './live/instance-of';
export { ReconcileRuns } from './live/reconcile-runs.port';
export {
  EDGE_STATES,
  type Edge,
  type EdgeKey,
  type EdgeState,
  INSTANCE_STATES,
  type Instance,
  type InstanceState,
  type ManagerNode,
  type OutboxLevel,
  type QueueLevel,
  SERVICE_HEALTHS,
  type ServiceHealth,
  type ServiceNode,
  type Topology,
  type TopologyChanges,
} from './live/topology';
export { TopologyFeed } from './live/topology-feed';
export { ObservationModule } from './observation.module';
export { HeardManagers } from './status/heard-managers';
export { HeardServices } from './status/heard-services';
export { ReceivedCounts } from './status/received-counts';
export { SpeakerCheck } from './status/speaker-check.port';
export { StatusLine } from './status/status-line';
export { RemoteWatches } from './tail/remote-watches';
export type { SeenEvent } from './tail/seen-event';
export { Tail } from './tail/tail';
export type { TailFilter } from './tail/tail-filter';
