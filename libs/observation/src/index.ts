export { FlowColumns } from './flow/flow-columns';
export { FlowRecorder } from './flow/flow-recorder';
export { instanceOf, managerNodeOf } from './live/instance-of';
export { ReconcileRuns } from './live/reconcile-runs.port';
export { Edge, EdgeKey, Instance, ManagerNode, ServiceNode, Topology, TopologyChanges } from './live/topology';
export { TopologyFeed } from './live/topology-feed';
export { ObservationModule } from './observation.module';
export { InstanceReports } from './status/instance-reports';
export { ManagerReports } from './status/manager-reports';
export { ReceivedCounts } from './status/received-counts';
export { SenderCheck } from './status/sender-check.port';
export { StatusChannel } from './status/status-channel';
export {
  type Unavailability,
  type UnavailableQueue,
  UnavailableQueues,
} from './status/unavailable-queues.port';
export { RemoteWatches } from './tail/remote-watches';
export { Tail } from './tail/tail';
export type { TailFilter } from './tail/tail-filter';
export { SkippedEvents, TappedEvent } from './tail/tapped-event';
