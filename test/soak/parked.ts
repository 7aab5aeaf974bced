import type { PrivateRabbitMq } from '../../tools/servers/private-rabbitmq';

/** The number of messages in parked queues; expected to be 0, because all messages of the soak are valid. */
export async function parkedMessages(rabbitMq: PrivateRabbitMq): Promise<number> {
  const url = new URL('/api/queues', rabbitMq.managementUrl);
  const headers = { authorization: `Basic ${btoa(`${url.username}:${url.password}`)}` };
  url.username = '';
  url.password = '';
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`Listing the queues failed with status ${response.status}`);
  const queues = (await response.json()) as { name: string; messages?: number }[];
  return queues.filter(({ name }) => name.endsWith('.parked')).reduce((sum, { messages = 0 }) => sum + messages, 0);
}
