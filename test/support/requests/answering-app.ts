import {
  Broker,
  connectRequests,
  type InMemoryBroker,
  REPLY_EXCHANGE,
  RequestClient,
  RequestServers,
  TransportModule,
} from '@dbem/transport';
import type { INestApplication, ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { waitFor } from '../waiting/wait-for';

/** A service's module on an in-memory broker; not started. */
export function compileOver(broker: InMemoryBroker, { imports = [], ...rest }: ModuleMetadata): Promise<TestingModule> {
  const transport = TransportModule.forRoot({ url: 'amqp://nowhere' });
  const builder = Test.createTestingModule({ imports: [transport, ...imports], ...rest });
  return builder.overrideProvider(Broker).useValue(broker).compile();
}

/** A service that handles requests, and a client that sends them. */
export interface Answering {
  readonly app: INestApplication;
  readonly client: RequestClient;
  stop(): Promise<void>;
}

export async function startAnswering(broker: InMemoryBroker, module: TestingModule): Promise<Answering> {
  const app = module.createNestApplication({ logger: false });
  connectRequests(app);
  await app.init();
  await broker.topology.declareExchange({ name: REPLY_EXCHANGE, type: 'topic' });
  const client = new RequestClient(broker);
  await client.start();
  await waitFor(() => client.isRegistered && app.get(RequestServers, { strict: false }).areRegistered);
  const stop = async () => {
    await client.stop();
    await app.close();
  };
  return { app, client, stop };
}
