import { HandlerTable, type ReplicaHandler, ReplicaModule, Replication, type ReplicationOptions } from '@dbem/replica';
import { Broker, TransportModule } from '@dbem/transport';
import { Test } from '@nestjs/testing';

/** A service's replication over a shared broker, not started. */
export async function replicationOver(
  broker: Broker,
  handlers: readonly ReplicaHandler[],
  options: ReplicationOptions,
): Promise<Replication> {
  const imports = [TransportModule.forRoot({ url: 'amqp://nowhere' }), ReplicaModule.forRoot(options)];
  const builder = Test.createTestingModule({ imports }).overrideProvider(Broker).useValue(broker);
  const module = await builder.overrideProvider(HandlerTable).useValue(new HandlerTable(handlers)).compile();
  return module.get(Replication, { strict: false });
}
