import type { SeededSubscription } from '../bench/harness/seed-map';

const DOMAINS =
  'accounts billing catalog compute content credentials data experiments gateways groups identity jobs metrics notices orders projects quotas search storage workflows'.split(
    ' ',
  );
const PARTS = 'api archive audit cache core export index planner reports sync'.split(' ');

/** The proportion of services that publish; the others only subscribe. */
const PUBLISHER_RATIO = 0.3;

export interface GeneratedMap {
  readonly services: readonly string[];
  readonly publishers: readonly string[];
  readonly subscriptions: readonly SeededSubscription[];
}

/** Services in groups (`billing.api`, `billing.core`) and their subscriptions. Deterministic. */
export function generatedMap(serviceCount: number, subscriptionCount: number): GeneratedMap {
  const services = Array.from({ length: serviceCount }, (_value, index) => nameOf(index));
  const publishers = services.slice(0, Math.ceil(serviceCount * PUBLISHER_RATIO));
  const subscriptions: SeededSubscription[] = [];
  const pairs = new Set<string>();
  for (let number = 0; subscriptions.length < subscriptionCount; number += 1) {
    const subscriber = services[number % serviceCount] as string;
    // Each round shifts by one publisher: no pair repeats before every service has subscribed to all publishers.
    const round = Math.floor(number / serviceCount);
    if (round >= publishers.length)
      throw new RangeError(
        `${serviceCount} services have fewer than ${subscriptionCount} pairs of publisher and subscriber`,
      );
    const publisher = publishers[(number * 7 + round) % publishers.length] as string;
    const pair = `${publisher}~${subscriber}`;
    if (publisher === subscriber || pairs.has(pair)) continue;
    pairs.add(pair);
    subscriptions.push({ publisher, subscriber });
  }
  return { services, publishers, subscriptions };
}

function nameOf(index: number): string {
  const domain = DOMAINS[index % DOMAINS.length];
  const part = PARTS[Math.floor(index / DOMAINS.length) % PARTS.length];
  const number = Math.floor(index / (DOMAINS.length * PARTS.length));
  return number === 0 ? `${domain}.${part}` : `${domain}.${part}${number + 1}`;
}
