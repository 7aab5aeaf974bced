import { RabbitMqBroker, type RabbitMqBrokerOptions } from '@dbem/transport';
import { waitFor } from '../../waiting/wait-for';

/** A connected broker client for the test itself. */
export async function connectedBroker(
  url: string,
  options: Omit<RabbitMqBrokerOptions, 'url'> = {},
): Promise<RabbitMqBroker> {
  const broker = new RabbitMqBroker({ url, ...options });
  await broker.start();
  await waitFor(() => broker.health().isConnected, { what: 'the test to be connected to the broker' });
  return broker;
}
