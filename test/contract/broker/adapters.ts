import { InMemoryBroker, RabbitMqBroker } from '@dbem/transport';
import type { BrokerHarness } from '../../support/broker/shared-broker';
import { freshVhost } from '../../support/servers/fresh-vhost';

export const BROKER_ADAPTERS: readonly (readonly [name: string, setUp: () => Promise<BrokerHarness>])[] = [
  [
    'InMemoryBroker',
    async () => ({
      makeBroker: async () => {
        const broker = new InMemoryBroker();
        await broker.start();
        return broker;
      },
      isShared: false,
      tearDown: async () => {},
    }),
  ],
  [
    'RabbitMqBroker',
    async () => {
      const vhost = await freshVhost();
      return {
        makeBroker: async () => {
          const broker = new RabbitMqBroker({ url: vhost.amqpUrl, consumerCheckIntervalMs: 200 });
          await broker.start();
          return broker;
        },
        isShared: true,
        tearDown: () => vhost.drop(),
      };
    },
  ],
];
