import { decodeMessage, encodeReply } from '@dbem/entity-codec';
import {
  type Consumption,
  type Delivery,
  INTAKE_QUEUE,
  intakeMessage,
  type RabbitMqBroker,
  serviceQueueOf,
} from '@dbem/transport';
import { SUBSCRIBER } from './project-tables';

/**
 * A stand-in for the event manager between a publisher and one subscriber: accepts subscriptions and forwards events.
 */
export class StandInManager {
  /** False: events of changes are lost; READs and deletes of orphans are delivered. */
  deliversChanges = true;
  /** Number of events lost. */
  lost = 0;
  /** Number of events forwarded to the subscriber. */
  forwarded = 0;
  private readonly consumption: Consumption;

  constructor(private readonly broker: RabbitMqBroker) {
    this.consumption = broker.consume(
      INTAKE_QUEUE,
      async (batch) => {
        await Promise.all(batch.map((delivery) => this.take(delivery)));
      },
      { batches: { alone: intakeMessage } },
    );
  }

  async stop(): Promise<void> {
    await this.consumption.stop();
  }

  private async take({ body, replyTo = '', correlationId = '' }: Delivery): Promise<void> {
    const message = decodeMessage(body);
    if (message.kind !== 'event') {
      const reply = encodeReply({ status: 'ACCEPTED', services: [] });
      await this.broker.publish({ exchange: '', routingKey: replyTo, correlationId, body: reply, mandatory: false });
    } else if (message.event.recipient === undefined && !this.deliversChanges) {
      this.lost += 1;
    } else {
      this.forwarded += 1;
      await this.broker.publish({ exchange: '', routingKey: serviceQueueOf(SUBSCRIBER), body });
    }
  }
}
