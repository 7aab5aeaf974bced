import type { PrivateRabbitMq } from '../../tools/servers/private-rabbitmq';

/** How many messages are in parked queues. All that the soak sends is good, so none should be. */
export async function parkedMessages(rabbitMq: PrivateRabbitMq): Promise<number> {
  const url = new URL('/api/queues', rabbitMq.managementUrl);
  const headers = { authorization: `Basic ${btoa(`${url.username}:${url.password}`)}` };
  url.username = '';
  url.password = '';
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`the list of queues answered ${response.status}`);
  const queues = (await response.json()) as { name: string; messages?: number }[];
  return queues.filter(({ name }) => name.endsWith('.parked')).reduce((sum, { messages = 0 }) => sum + messages, 0);
}
