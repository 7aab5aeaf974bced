import type { PrivateRabbitMq } from '../../../tools/servers/private-rabbitmq';

/** Has the broker close every connection, as an operator would: all consumers and all publishes in flight go with them. */
export async function closeConnections(rabbitMq: PrivateRabbitMq): Promise<void> {
  const url = new URL('/api/connections', rabbitMq.managementUrl);
  const headers = { authorization: `Basic ${btoa(`${url.username}:${url.password}`)}` };
  url.username = '';
  url.password = '';
  const response = await fetch(url, { headers }).catch(() => undefined);
  // A broker that is away has closed them already.
  if (!response?.ok) return;
  const connections = (await response.json()) as { name: string }[];
  await Promise.all(
    connections.map(({ name }) =>
      fetch(`${url}/${encodeURIComponent(name)}`, { method: 'DELETE', headers }).catch(() => {
        // Gone by itself, or with the broker.
      }),
    ),
  );
}
