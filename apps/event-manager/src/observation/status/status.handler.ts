import { StatusChannel } from '@dbem/observation';
import type { ConsumeMessage } from '@dbem/transport/golevelup';
import { RabbitSubscribe } from '@golevelup/nestjs-rabbitmq';
import { Injectable } from '@nestjs/common';
import { STATUSES } from './status-subscription';

/** Receives the status reports of services and managers, and tail events of other managers. */
@Injectable()
export class StatusHandler {
  constructor(private readonly channel: StatusChannel) {}

  @RabbitSubscribe({ name: STATUSES })
  receive(body: Buffer, { fields, properties }: ConsumeMessage): void {
    this.channel.receive({ body, exchange: fields.exchange, userId: properties.userId });
  }
}
