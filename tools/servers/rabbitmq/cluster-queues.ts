import type { RabbitMqNode } from './rabbitmq-node';

/** A quorum queue as a node's management API reports it. */
export interface QueueState {
  readonly leader: string | undefined;
  readonly members: readonly string[];
}

export async function queueState(reporter: RabbitMqNode, queue: string, vhost: string): Promise<QueueState> {
  const { leader, members = [] } = await reporter.management<{ leader?: string | null; members?: string[] }>(
    'GET',
    pathOf(queue, vhost),
  );
  return { leader: leader ?? undefined, members };
}

/** Declares a durable quorum queue, with its leader on the node. */
export async function declareQuorumQueue(node: RabbitMqNode, queue: string, vhost: string): Promise<void> {
  const body = { durable: true, node: node.name, arguments: { 'x-queue-type': 'quorum' } };
  await node.management('PUT', pathOf(queue, vhost), body);
}

/** Adds and deletes members of an existing queue. Resolves when all `reporters` report that it has exactly `nodes`. */
export async function setMembers(
  queue: string,
  vhost: string,
  nodes: readonly RabbitMqNode[],
  reporters: readonly RabbitMqNode[],
): Promise<void> {
  const [first] = nodes;
  if (first === undefined) throw new Error(`${queue} needs at least one member`);
  const wanted = nodes.map(({ name }) => name);
  const { members } = await queueState(first, queue, vhost);
  const change = (command: string, name: string) => first.queues(command, '--vhost', vhost, queue, name);
  // One by one: a quorum queue rejects a change of its members during another one.
  for (const name of wanted.filter((node) => !members.includes(node))) await change('add_member', name);
  for (const name of members.filter((node) => !wanted.includes(node))) await change('delete_member', name);
  // The other nodes receive the change a little later.
  const isDone = async (reporter: RabbitMqNode) => {
    const { members: reported } = await queueState(reporter, queue, vhost);
    if ([...reported].sort().join() !== [...wanted].sort().join()) {
      throw new Error(`${queue} has members on ${reported.join(', ')}, not ${wanted.join(', ')}`);
    }
  };
  await Promise.all(reporters.map((reporter) => reporter.waitUntil(() => isDone(reporter))));
}

function pathOf(queue: string, vhost: string): string {
  return `/api/queues/${encodeURIComponent(vhost)}/${encodeURIComponent(queue)}`;
}
