import type { Channel } from 'amqplib';
import { fanOutExchangeOf } from '../../topology/topology-names';
import { replyCodeOf } from '../broker-unavailable';
import type { RabbitMqTopology } from '../rabbitmq-topology';

/** Far more than the event managers of one broker. */
const MAX_EXCHANGES = 1_000;
const RESOURCE_LOCKED = 405;

/**
 * Claims an empty exchange for this connection. The exchanges are numbered and each connection claims the first free
 * one, so there are never more of them than there were connections at once. A claim is an exclusive queue, which the
 * broker deletes with the connection.
 *
 * @returns its name.
 */
export async function claimExchange(topology: RabbitMqTopology): Promise<string> {
  for (let index = 1; index <= MAX_EXCHANGES; index += 1) {
    const name = fanOutExchangeOf(index);
    if (await topology.run((channel) => claim(channel, name)).catch(isClaimedElsewhere)) return name;
  }
  throw new Error(`All ${MAX_EXCHANGES} fan-out exchanges are in use`);
}

async function claim(channel: Channel, name: string): Promise<boolean> {
  await channel.assertQueue(`${name}.owner`, { exclusive: true, durable: false });
  // Deletes the bindings of the previous owner.
  await channel.deleteExchange(name);
  await channel.assertExchange(name, 'direct', { durable: false });
  return true;
}

function isClaimedElsewhere(error: Error): boolean {
  if (replyCodeOf(error.cause) !== RESOURCE_LOCKED) throw error;
  return false;
}
