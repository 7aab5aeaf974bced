import type { RabbitMqNode } from './rabbitmq-node';

/**
 * Disconnects a node from the others. Erlang nodes connect again by themselves, so from here on the node uses a wrong
 * cookie for the others, and both sides reject the other. Command line tools still use the right cookie.
 */
export async function disconnect(node: RabbitMqNode, others: readonly RabbitMqNode[]): Promise<void> {
  // In one call: if only some of the others were gone for a while, RabbitMQ would disconnect further nodes.
  await node.control(
    'eval',
    `${setCookies(others, 'partitioned')}, [erlang:disconnect_node(Node) || Node <- ${list(others)}].`,
  );
}

/** Lets the nodes connect again. */
export async function allowConnections(node: RabbitMqNode, others: readonly RabbitMqNode[]): Promise<void> {
  await node.control('eval', `${setCookies(others, 'erlang:get_cookie()')}.`);
}

function setCookies(nodes: readonly RabbitMqNode[], cookie: string): string {
  return `[erlang:set_cookie(Node, ${cookie}) || Node <- ${list(nodes)}]`;
}

function list(nodes: readonly RabbitMqNode[]): string {
  return `[${nodes.map(({ name }) => `'${name}'`).join()}]`;
}
