import { DbEventError } from '@dbem/db-event';
import type { ManagerNode } from '@dbem/observation';
import { InstanceReports, instanceOf, ManagerReports, managerNodeOf } from '@dbem/observation';
import { type Member, SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, OptionalBrokerManagement } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { ZooKeeperConfig } from '../config/zookeeper.config';
import { askZooKeeper, zooKeeperServersOf } from './ask-zookeeper';
import type { BrokerReport, Cluster, ManagerReport, ZooKeeperReport } from './cluster';

/** Reports the state of managers, broker, ZooKeeper and services' instances. Takes two seconds at most. */
@Injectable()
export class ClusterService {
  private readonly zooKeeperServers: readonly string[];

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly managers: ManagerReports,
    private readonly services: InstanceReports,
    private readonly optional: OptionalBrokerManagement,
    { ZOOKEEPER_CONNECT }: ZooKeeperConfig,
  ) {
    this.zooKeeperServers = zooKeeperServersOf(ZOOKEEPER_CONNECT);
  }

  async report(): Promise<Cluster> {
    const nowMs = Date.now();
    const [members, broker, zooKeeper] = await Promise.all([
      this.members(),
      this.reportBroker(),
      this.reportZooKeeper(),
    ]);
    return {
      managers: this.managersOf(members, this.managers.list(nowMs).map(managerNodeOf)),
      broker,
      zooKeeper,
      services: this.services
        .names()
        .map((service) => ({ service, instances: this.services.instancesOf(service, nowMs).map(instanceOf) })),
    };
  }

  /** Joins the members in ZooKeeper with the managers that report over the broker; most managers are both. */
  private managersOf(members: readonly Member[], reporting: readonly ManagerNode[]): ManagerReport[] {
    const { selfId } = this.registry;
    const unreported = members.filter(({ id }) => !reporting.some((node) => isMember(id, node.id)));
    return [
      ...reporting.map((node) => {
        const member = members.find(({ id }) => isMember(id, node.id));
        return { ...node, ...(member !== undefined && memberOf(member)), isSelf: node.id === selfId };
      }),
      ...unreported.map((member) => ({
        id: member.id,
        state: 'ready' as const,
        software: 'unknown',
        startedAt: new Date(member.startedAtMs).toISOString(),
        receivedPerS: 0,
        forwardedPerS: 0,
        ...memberOf(member),
        isSelf: isMember(member.id, selfId),
      })),
    ];
  }

  /** Empty while ZooKeeper is unavailable. */
  private async members(): Promise<Member[]> {
    try {
      return await this.registry.members();
    } catch (error) {
      if (error instanceof DbEventError && error.code === 'MAP_UNAVAILABLE') return [];
      throw error;
    }
  }

  private async reportBroker(): Promise<BrokerReport> {
    const { server, ...health } = this.broker.health();
    const { management } = this.optional;
    if (management === undefined) return { ...health, ...server };
    try {
      return { ...health, ...server, nodes: await management.nodes() };
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      return { ...health, ...server, managementFault: error.message };
    }
  }

  private async reportZooKeeper(): Promise<ZooKeeperReport> {
    const { status: state, sinceMs, ...health } = this.registry.health();
    const servers = await Promise.all(this.zooKeeperServers.map(askZooKeeper));
    return { state, since: new Date(sinceMs).toISOString(), ...health, servers };
  }
}

/** A member that lost its session gets a new id, which has the manager's id as its prefix. */
function isMember(memberId: string, managerId: string): boolean {
  return memberId === managerId || memberId.startsWith(`${managerId}.`);
}

function memberOf({ host, pid, appliedRevision }: Member): Pick<ManagerReport, 'host' | 'pid' | 'appliedRevision'> {
  return { host, pid, appliedRevision: String(appliedRevision) };
}
