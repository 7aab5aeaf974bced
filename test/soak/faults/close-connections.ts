import type { PrivateRabbitMq } from '../../../tools/servers/private-rabbitmq';

/** Makes the broker close all connections, as an operator would: all consumers and publishes in flight are lost. */
export async function closeConnections(rabbitMq: PrivateRabbitMq): Promise<void> {
  const url = new URL('/api/connections', rabbitMq.managementUrl);
  const headers = { authorization: `Basic ${btoa(`${url.username}:${url.password}`)}` };
  url.username = '';
  url.password = '';
  const response = await fetch(url, { headers }).catch(() => undefined);
  // A broker that is down has no connections.
  if (!response?.ok) return;
  const connections = (await response.json()) as { name: string }[];
  await Promise.all(
    connections.map(({ name }) =>
      fetch(`${url}/${encodeURIComponent(name)}`, { method: 'DELETE', headers }).catch(() => {
        // It closed meanwhile, or the broker is down.
      }),
    ),
  );
}
