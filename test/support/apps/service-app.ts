import { HandlerTable, type ReplicaHandler } from '@dbem/replica';
import { connectRequests, TransportModule } from '@dbem/transport';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';

/**
 * A service in this process with its own broker connection and no HTTP port; `handlers` are the handlers of its
 * replica.
 */
export async function startServiceApp(
  amqpUrl: string,
  imports: readonly DynamicModule[],
  handlers: readonly ReplicaHandler[] = [],
): Promise<INestApplication> {
  const builder = Test.createTestingModule({ imports: [TransportModule.forRoot({ url: amqpUrl }), ...imports] });
  const module = await builder.overrideProvider(HandlerTable).useValue(new HandlerTable(handlers)).compile();
  const app = module.createNestApplication({ logger: false });
  connectRequests(app);
  return app.init();
}
