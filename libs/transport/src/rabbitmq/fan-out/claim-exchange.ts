import type { Channel } from 'amqplib';
import { fanOutExchangeOf } from '../../topology/topology-names';
import { replyCodeOf } from '../broker-unavailable';
import type { RabbitMqTopology } from '../rabbitmq-topology';

/** Far more than there are event managers at one broker. */
const MAX_PLACES = 1_000;
const RESOURCE_LOCKED = 405;

/**
 * Gives an exchange that is ours for as long as the connection lives, and empty. They are numbered, and each connection takes the
 * first that is free, so those that died leave no more of them behind than there were at once. What marks one as taken is a
 * queue that the broker keeps for one connection and drops with it.
 *
 * @returns its name.
 */
export async function claimExchange(topology: RabbitMqTopology): Promise<string> {
  for (let place = 1; place <= MAX_PLACES; place += 1) {
    const name = fanOutExchangeOf(place);
    if (await topology.run((channel) => take(channel, name)).catch(isTakenElsewhere)) return name;
  }
  throw new Error(`All ${MAX_PLACES} exchanges for copies are taken`);
}

async function take(channel: Channel, name: string): Promise<boolean> {
  await channel.assertQueue(`${name}.owner`, { exclusive: true, durable: false });
  // With the bindings of whoever had it before.
  await channel.deleteExchange(name);
  await channel.assertExchange(name, 'direct', { durable: false });
  return true;
}

function isTakenElsewhere(error: Error): boolean {
  if (replyCodeOf(error.cause) !== RESOURCE_LOCKED) throw error;
  return false;
}
