import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PrivateRabbitMqCluster } from '../../tools/servers/private-rabbitmq-cluster';
import type { RabbitMqNode } from '../../tools/servers/rabbitmq/rabbitmq-node';
import { logFolder } from '../support/apps/log-folder';
import { BrokerUser } from '../support/broker/broker-user';
import { expectRefused } from '../support/faults/expectations/processes';
import { waitFor } from '../support/waiting/wait-for';

/** More than an unconfirmed channel may send to one quorum queue (32) before RabbitMQ applies flow control. */
const MANY = 500;

/** What the other tests and the product rely on when a node of a RabbitMQ cluster (3.10) fails. */
describe('a RabbitMQ cluster', () => {
  let folder: string;
  let cluster: PrivateRabbitMqCluster;
  /** The client's node, which never fails. */
  let stable: RabbitMqNode;
  let other: RabbitMqNode;
  let failing: RabbitMqNode;
  let user: BrokerUser;
  /** Further connections; they end with their test. */
  const connections: ChannelModel[] = [];

  beforeAll(async () => {
    mkdirSync(logFolder, { recursive: true });
    folder = mkdtempSync(join(logFolder, 'rabbitmq-cluster-'));
    cluster = await PrivateRabbitMqCluster.start(folder);
    [stable, other, failing] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  });

  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    user = await BrokerUser.connect(stable.amqpUrl);
  });

  afterEach(async () => {
    failing.resume();
    await Promise.all([user.close(), ...connections.splice(0).map((connection) => connection.close())]);
    if (!failing.isRunning) await failing.start();
    await cluster.untilClustered();
  });

  /** Kills the node as its queues would survive it in production: their declarations are older. */
  async function kill(): Promise<void> {
    await failing.persistQueues();
    await failing.kill();
    await expectRefused(failing.port);
  }

  async function publish(queue: string): Promise<void> {
    expect(await user.publish('', queue, Buffer.from('event'))).toBeUndefined();
  }

  /** A channel in confirm mode on a connection of its own. */
  async function openChannel(node: RabbitMqNode): Promise<ConfirmChannel> {
    const connection = await connect(node.amqpUrl);
    connections.push(connection);
    return connection.createConfirmChannel();
  }

  const untilLeaderless = (queue: string) =>
    waitFor(async () => (await cluster.queueLeader(queue)) === undefined, { what: `${queue} to have no leader` });

  /** The answer of a passive declare. */
  async function passiveDeclare(queue: string) {
    let answer: { messageCount: number; consumerCount: number } | undefined;
    const refusal = await user.refusalOf(async (channel) => {
      answer = await channel.checkQueue(queue);
    });
    expect(refusal).toBeUndefined();
    return answer;
  }

  const untilDepth = (queue: string, depth: number) =>
    waitFor(async () => (await passiveDeclare(queue))?.messageCount === depth, { what: `${queue} to have ${depth}` });

  /** How the connections of the client's node are, as its management API reports it. */
  async function connectionStates(): Promise<string[]> {
    const connections = await stable.management<{ state: string }[]>('GET', '/api/connections');
    return connections.map(({ state }) => state);
  }

  const nodesSeenBy = (reporter: RabbitMqNode) =>
    reporter.management<{ name: string; running: boolean; partitions?: string[] }[]>('GET', '/api/nodes');

  /** The nodes that `reporter` reports as running. */
  async function runningNodes(reporter: RabbitMqNode): Promise<string[]> {
    return (await nodesSeenBy(reporter)).flatMap(({ name, running }) => (running ? [name] : [])).sort();
  }

  async function partitions(): Promise<string[]> {
    const seen = await Promise.all(cluster.nodes.map(nodesSeenBy));
    return seen.flat().flatMap((node) => node.partitions ?? []);
  }

  /** For `waitFor`. The other nodes' management API does not answer until they consider the paused node down. */
  const isReported = (condition: () => Promise<boolean>) => () => condition().catch(() => false);

  const namesOf = (...nodes: RabbitMqNode[]) => nodes.map(({ name }) => name).sort();

  it('A cluster has three nodes that all report each other as running', async () => {
    for (const node of cluster.nodes) {
      expect(await runningNodes(node)).toEqual(namesOf(stable, other, failing));
      expect(await node.control('eval', 'rabbit_nodes:all_running().')).toContain(failing.name);
    }
  });

  it('A quorum queue keeps its messages when the node of its leader is killed, and gets another leader', async () => {
    await cluster.declareQuorumQueue('replicated', [failing, stable, other]);
    expect(namesOf(...(await cluster.queueMembers('replicated')))).toEqual(namesOf(stable, other, failing));
    expect((await cluster.queueLeader('replicated'))?.name).toBe(failing.name);
    await publish('replicated');
    await kill();
    const leader = await waitFor(() => cluster.queueLeader('replicated'));
    expect(namesOf(stable, other)).toContain(leader.name);
    await cluster.untilClustered();
    await untilDepth('replicated', 1);
    await publish('replicated');
    await failing.start();
    await cluster.untilClustered();
    await untilDepth('replicated', 2);
  });

  it('A quorum queue whose only node is killed answers (0, 0) to a passive declare and rejects publishes of new channels', async () => {
    await cluster.declareQuorumQueue('single', [failing]);
    expect(namesOf(...(await cluster.queueMembers('single')))).toEqual([failing.name]);
    await publish('single');
    await untilDepth('single', 1);
    await kill();
    await untilLeaderless('single');
    expect(await passiveDeclare('single')).toMatchObject({ messageCount: 0, consumerCount: 0 });
    expect(await user.publish('', 'single', Buffer.from('event'))).toContain('message nacked');
    await failing.start();
    await untilDepth('single', 1);
    await publish('single');
    await untilDepth('single', 2);
  });

  it('A channel that published to a quorum queue before its only node was killed gets no confirm while the node is down', async () => {
    await cluster.declareQuorumQueue('known', [failing]);
    const channel = await openChannel(stable);
    publishMany(channel, 'known', 1);
    await channel.waitForConfirms();
    await kill();
    await untilLeaderless('known');
    const { confirmed, rejected } = publishMany(channel, 'known', MANY);
    await waitFor(async () => (await connectionStates()).includes('flow'), { what: 'flow control' });
    expect([confirmed(), rejected()]).toEqual([0, 0]);
    await failing.start();
    // RabbitMQ may leave this channel without confirms from here on. A new channel works.
    await publish('known');
  });

  it('A channel that has published to a quorum queue without a majority gets no confirm and flow control, until the node starts', async () => {
    await cluster.declareQuorumQueue('halved', [failing, other]);
    const channel = await openChannel(stable);
    const { confirmed, rejected } = publishMany(channel, 'halved', 1);
    await channel.waitForConfirms();
    await kill();
    await untilLeaderless('halved');
    expect([confirmed(), rejected()]).toEqual([1, 0]);
    const blocked = publishMany(channel, 'halved', MANY);
    await waitFor(async () => (await connectionStates()).includes('flow'), { what: 'flow control' });
    expect([blocked.confirmed(), blocked.rejected()]).toEqual([0, 0]);
    await failing.start();
    await channel.waitForConfirms();
    expect([blocked.confirmed(), blocked.rejected()]).toEqual([MANY, 0]);
    await untilDepth('halved', 1 + MANY);
  });

  it('A durable classic queue on a killed node answers 404 to a declare on another node, until the node starts', async () => {
    await failing.management('PUT', '/api/queues/%2F/classic', { durable: true, node: failing.name });
    await publish('classic');
    await kill();
    const refusal = () => user.refusalOf((channel) => channel.assertQueue('classic', { durable: true }));
    expect(await waitFor(refusal)).toMatch(/404.*home node .* is down or inaccessible/);
    await failing.start();
    await waitFor(async () => (await refusal()) === undefined);
    await untilDepth('classic', 1);
  });

  it('A paused node accepts connections and answers nothing until it is resumed', async () => {
    const channel = await openChannel(failing);
    failing.pause();
    let isAnswered = false;
    const answer = channel.assertQueue('', { exclusive: true }).then(() => {
      isAnswered = true;
    });
    // Shorter than what the other nodes tolerate.
    const impatient = fetch(`http://127.0.0.1:${failing.managementPort}/`, { signal: AbortSignal.timeout(2_000) });
    await expect(impatient).rejects.toThrow('timeout');
    expect(isAnswered).toBe(false);
    failing.resume();
    await answer;
    await cluster.untilClustered();
  });

  it('A node that is paused for longer than net_ticktime is partitioned from the others until it is healed', async () => {
    failing.pause();
    await waitFor(isReported(async () => !(await runningNodes(stable)).includes(failing.name)));
    failing.resume();
    await waitFor(isReported(async () => (await partitions()).length > 0));
    expect(await runningNodes(failing)).toEqual([failing.name]);
    await cluster.heal(failing);
    expect(await partitions()).toEqual([]);
    expect(await runningNodes(failing)).toEqual(namesOf(stable, other, failing));
  });

  it('A partitioned node sees only itself while the others go on, and takes over their state when it is healed', async () => {
    await cluster.declareQuorumQueue('divided', [failing]);
    await cluster.setQueueMembers('divided', [failing, stable, other]);
    await publish('divided');
    await cluster.partition(failing);
    await waitFor(async () => (await runningNodes(failing)).join() === failing.name);
    await waitFor(async () => (await runningNodes(stable)).join() === namesOf(stable, other).join());
    const leader = await waitFor(() => cluster.queueLeader('divided'));
    expect(namesOf(stable, other)).toContain(leader.name);
    await publish('divided');
    await cluster.heal(failing);
    expect(await runningNodes(failing)).toEqual(namesOf(stable, other, failing));
    await untilDepth('divided', 2);
  });
});

/** Publishes persistently, and counts the broker's confirms and rejections. */
function publishMany(channel: ConfirmChannel, queue: string, count: number) {
  let confirmed = 0;
  let rejected = 0;
  for (let index = 0; index < count; index += 1) {
    channel.publish('', queue, Buffer.from(`event ${index}`), { persistent: true }, (error) => {
      if (error) rejected += 1;
      else confirmed += 1;
    });
  }
  return { confirmed: () => confirmed, rejected: () => rejected };
}
