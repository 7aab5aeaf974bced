import { DbEventError } from '@dbem/db-event';
import { encodeEvent } from '@dbem/entity-codec';
import { MANAGER_ROUTING_KEY, parkedMessage } from '@dbem/transport';
import { expect, it } from 'vitest';
import { InMemoryManager } from '../../../../test/support/manager/in-memory-manager';
import { ParkedModule } from './parked.module';
import { ParkedService } from './parked.service';

it('ParkedModule lists the messages that the manager has parked', async () => {
  const manager = await InMemoryManager.of([ParkedModule]);
  await manager.start();
  const delivery = {
    body: encodeEvent({ publisher: 'a b', entityType: 'TENANT', crudType: 'CREATE', entity: Buffer.alloc(0) }),
    headers: {},
    exchange: '',
    routingKey: '',
    redelivered: false,
    messageId: 'm1',
  };
  const reason = new DbEventError('SERVICE_NAME_INVALID', 'no name');
  await manager.broker.publish(parkedMessage(delivery, MANAGER_ROUTING_KEY, reason));
  const parked = manager.get(ParkedService);
  const { items } = await parked.list(undefined, {}, 10, undefined);
  expect(items).toMatchObject([{ event: { reasonCode: 'SERVICE_NAME_INVALID' } }]);
  await manager.stop();
});
