import type { Instance, ManagerNode } from '@dbem/observation';

export interface ManagerReport extends ManagerNode {
  /** As the member of the map that it is; undefined if ZooKeeper does not know it. */
  readonly host?: string;
  readonly pid?: number;
  readonly appliedRevision?: string;
  /** The one that answers. */
  readonly isSelf: boolean;
}

export interface BrokerNode {
  readonly name: string;
  readonly isRunning: boolean;
  readonly alarms: readonly string[];
}

export interface BrokerReport {
  readonly isConnected: boolean;
  readonly product?: string;
  readonly version?: string;
  readonly clusterName?: string;
  readonly blockedReason?: string;
  readonly lastFault?: string;
  readonly reconnects: number;
  /** Undefined: the management API is not configured, or does not answer. */
  readonly nodes?: readonly BrokerNode[];
  readonly managementFault?: string;
}

export interface ZooKeeperServer {
  readonly address: string;
  readonly version?: string;
  readonly mode?: string;
  /** Why it does not say. */
  readonly fault?: string;
}

export interface ZooKeeperReport {
  /** Of the subscription map. */
  readonly state: 'loading' | 'ready' | 'degraded' | 'stopped';
  readonly since: string;
  readonly reconnects: number;
  readonly lastFault?: string;
  readonly servers: readonly ZooKeeperServer[];
}

export interface Cluster {
  readonly managers: readonly ManagerReport[];
  readonly broker: BrokerReport;
  readonly zooKeeper: ZooKeeperReport;
  readonly services: readonly { readonly service: string; readonly instances: readonly Instance[] }[];
}
