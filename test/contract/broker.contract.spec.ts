import { InMemoryBroker, RabbitMqBroker } from '@dbem/transport';
import { freshVhost } from '../support';
import { describeBroker } from './broker.contract';

describeBroker('InMemoryBroker', async () => ({
  makeBroker: async () => {
    const broker = new InMemoryBroker();
    await broker.start();
    return broker;
  },
  tearDown: async () => {},
}));

describeBroker('RabbitMqBroker', async () => {
  const vhost = await freshVhost();
  return {
    makeBroker: async () => {
      const broker = new RabbitMqBroker({ url: vhost.amqpUrl });
      await broker.start();
      return broker;
    },
    tearDown: () => vhost.drop(),
  };
});
