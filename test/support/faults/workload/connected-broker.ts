import { RabbitMqBroker } from '@dbem/transport';
import { waitFor } from '../../waiting/wait-for';

/** A connected broker client for the test itself. */
export async function connectedBroker(url: string): Promise<RabbitMqBroker> {
  const broker = new RabbitMqBroker({ url });
  await broker.start();
  await waitFor(() => broker.health().isConnected, { what: 'the test to be connected to the broker' });
  return broker;
}
