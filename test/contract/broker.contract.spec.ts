import { InMemoryBroker, RabbitMqBroker } from '@dbem/transport';
import { freshVhost } from '../support';
import { type BrokerHarness, describeBroker } from './broker.contract';
import { describeParkedEvents } from './parked-events.contract';

const ADAPTERS: Record<string, () => Promise<BrokerHarness>> = {
  InMemoryBroker: async () => ({
    makeBroker: async () => {
      const broker = new InMemoryBroker();
      await broker.start();
      return broker;
    },
    tearDown: async () => {},
  }),
  RabbitMqBroker: async () => {
    const vhost = await freshVhost();
    return {
      makeBroker: async () => {
        const broker = new RabbitMqBroker({ url: vhost.amqpUrl });
        await broker.start();
        return broker;
      },
      tearDown: () => vhost.drop(),
    };
  },
};

for (const [name, setUp] of Object.entries(ADAPTERS)) {
  describeBroker(name, setUp);
  describeParkedEvents(name, setUp);
}
