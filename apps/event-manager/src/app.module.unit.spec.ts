import { encodeEvent, projectCodec } from '@dbem/entity-codec';
import { InMemoryRunStore, RunStore } from '@dbem/reconcile';
import { AppConfigModule } from '@dbem/service-kit';
import { InMemorySubscriptionRegistry, SubscriptionRegistry } from '@dbem/subscription-registry';
import {
  Broker,
  connectRequests,
  declareManagerTopology,
  InMemoryBroker,
  MANAGER_QUEUE,
  serviceQueueOf,
} from '@dbem/transport';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import { waitFor } from '../../../test/support/waiting/wait-for';
import { AppModule } from './app.module';
import { InMemorySchemaStore } from './contract/in-memory-schema-store';
import { SchemaStore } from './contract/schema-store';
import { CONFIGS } from './event-manager.config';

const ADMIN_TOKEN = 'the-admin-token-of-this-test';
const entity = projectCodec.encode({ projectID: 'p1', owner: 'ada', gatewayId: 'seagrid', name: 'Engine' });

it('AppModule subscribes a service over HTTP and sends it an event, without servers', async () => {
  const broker = new InMemoryBroker();
  await broker.start();
  await declareManagerTopology(broker.topology);
  const logDestination = { write: () => {} };
  const environment = { ADMIN_TOKEN };
  const configuration = await AppConfigModule.forRoot({ environment, configs: CONFIGS, logDestination });
  const module = await Test.createTestingModule({ imports: [configuration, AppModule] })
    .overrideProvider(Broker)
    .useValue(broker)
    .overrideProvider(SubscriptionRegistry)
    .useValue(new InMemorySubscriptionRegistry())
    .overrideProvider(RunStore)
    .useClass(InMemoryRunStore)
    .overrideProvider(SchemaStore)
    .useClass(InMemorySchemaStore)
    .compile();
  const app = module.createNestApplication({ logger: false });
  connectRequests(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  await waitFor(async () => (await fetch(`${url}/health/ready`)).ok);
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };
  const request = { method: 'PUT', headers, body: '{}' };
  expect((await fetch(`${url}/admin/v1/subscriptions/registry/sharing`, request)).status).toBe(201);
  const body = encodeEvent({ publisher: 'registry', entityType: 'PROJECT', crudType: 'CREATE', entity });
  await broker.publish({ exchange: '', routingKey: MANAGER_QUEUE, body });
  await waitFor(async () => (await broker.topology.inspectQueue(serviceQueueOf('sharing')))?.messages === 1);
  await app.close();
});
