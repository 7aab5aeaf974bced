import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { declareQuorumQueue, queueState, setMembers } from './rabbitmq/cluster-queues';
import { allowConnections, disconnect } from './rabbitmq/partition';
import { PortMapper } from './rabbitmq/port-mapper';
import { prepareServer, type RabbitMqOptions } from './rabbitmq/prepare-server';
import { RabbitMqNode } from './rabbitmq/rabbitmq-node';

/** Silent nodes are considered down after 3/4 to 5/4 of this time, s. RabbitMQ's default of 60 is long for a test. */
const NET_TICKTIME_S = 12;

export interface RabbitMqClusterOptions extends RabbitMqOptions {
  /** Number of nodes. Default: 3. */
  readonly size?: number;
}

/** A RabbitMQ cluster on 127.0.0.1 with its own ports, port mapper and cookie, so that no other RabbitMQ joins it. */
export class PrivateRabbitMqCluster {
  private constructor(
    readonly nodes: readonly RabbitMqNode[],
    private readonly portMapper: PortMapper,
  ) {}

  /** Takes 1 to 2 minutes on a busy machine. @param folder gets the nodes' data and logs */
  static async start(folder: string, options: RabbitMqClusterOptions = {}): Promise<PrivateRabbitMqCluster> {
    const { size = 3, ...nodeOptions } = options;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.erlang.cookie'), randomBytes(16).toString('hex'), { mode: 0o400 });
    const portMapper = await PortMapper.start(folder);
    const servers = Array.from({ length: size }, (_, index) =>
      prepareServer(join(folder, `node-${index + 1}`), portMapper, nodeOptions, [
        `-kernel net_ticktime ${NET_TICKTIME_S}`,
      ]),
    );
    const nodes = (await Promise.all(servers)).map((server) => new RabbitMqNode(server));
    const cluster = new PrivateRabbitMqCluster(nodes, portMapper);
    try {
      await Promise.all(nodes.map((node) => node.start()));
      await cluster.join();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** The node at this index, from 0. */
  node(index: number): RabbitMqNode {
    const node = this.nodes[index];
    if (node === undefined) throw new Error(`The cluster has no node ${index}, only 0 to ${this.nodes.length - 1}`);
    return node;
  }

  /**
   * Resolves when each node that runs reports that exactly these nodes run, and no partition. Nodes that were killed or
   * paused are not waited for.
   */
  async untilClustered(): Promise<void> {
    const running = this.running;
    const expected = running.map(({ name }) => name).sort();
    const probe = async (node: RabbitMqNode) => {
      const seen = await node.management<{ name: string; running: boolean; partitions?: string[] }[]>(
        'GET',
        '/api/nodes',
      );
      const names = seen.filter((other) => other.running).map(({ name }) => name);
      const partitions = seen.flatMap((other) => other.partitions ?? []);
      if (names.sort().join() !== expected.join() || partitions.length > 0) {
        throw new Error(`${node.name} sees ${names.join(', ')}, partitioned from ${partitions.join(', ') || 'none'}`);
      }
    };
    await Promise.all(running.map((node) => node.waitUntil(() => probe(node))));
  }

  /** Declares a durable quorum queue whose members are exactly these nodes; its leader is on the first. */
  async declareQuorumQueue(queue: string, nodes: readonly [RabbitMqNode, ...RabbitMqNode[]], vhost = '/') {
    await declareQuorumQueue(nodes[0], queue, vhost);
    await this.setQueueMembers(queue, nodes, vhost);
  }

  /** Makes exactly these nodes the members of an existing quorum queue, which keeps its messages. */
  async setQueueMembers(queue: string, nodes: readonly RabbitMqNode[], vhost = '/'): Promise<void> {
    await setMembers(queue, vhost, nodes, this.running);
  }

  /** The node of the queue's leader, as a running node reports it; undefined if the queue has none. */
  async queueLeader(
    queue: string,
    vhost = '/',
    reporter: RabbitMqNode = this.anyRunning,
  ): Promise<RabbitMqNode | undefined> {
    const { leader } = await queueState(reporter, queue, vhost);
    return this.nodes.find(({ name }) => name === leader);
  }

  /** The nodes with a member of the quorum queue, whether they run or not. */
  async queueMembers(queue: string, vhost = '/'): Promise<RabbitMqNode[]> {
    const { members } = await queueState(this.anyRunning, queue, vhost);
    return this.nodes.filter(({ name }) => members.includes(name));
  }

  /** Disconnects the node from the others; clients still reach all of them. Until `heal`, or the node starts again. */
  async partition(node: RabbitMqNode): Promise<void> {
    await disconnect(node, this.othersOf(node));
  }

  /**
   * Ends a partition, also one that a pause longer than `net_ticktime` has caused. RabbitMQ does not merge the two
   * views of the cluster, so the node's RabbitMQ restarts, without its Erlang VM, and takes the view of the others.
   */
  async heal(node: RabbitMqNode): Promise<void> {
    await allowConnections(node, this.othersOf(node));
    await node.control('stop_app');
    await node.control('start_app');
    await this.untilClustered();
  }

  /** Kills the nodes: their data is not needed any more. */
  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    await this.portMapper.stop();
  }

  /** The nodes join the first one, one by one: RabbitMQ does not support concurrent joins. */
  private async join(): Promise<void> {
    const [first, ...others] = this.nodes;
    if (first === undefined) throw new Error('A cluster needs at least one node');
    await Promise.all(others.map((node) => node.control('stop_app')));
    for (const node of others) {
      await node.control('join_cluster', first.name);
      await node.control('start_app');
    }
    await this.untilClustered();
  }

  private get running(): RabbitMqNode[] {
    return this.nodes.filter((node) => node.isRunning);
  }

  private get anyRunning(): RabbitMqNode {
    const [node] = this.running;
    if (node === undefined) throw new Error('No node of the cluster runs');
    return node;
  }

  private othersOf(node: RabbitMqNode): RabbitMqNode[] {
    return this.nodes.filter((other) => other !== node);
  }
}
