import { StatusChannel } from '@dbem/observation';
import type { ConsumeMessage } from '@dbem/transport/golevelup';
import { RabbitSubscribe } from '@golevelup/nestjs-rabbitmq';
import { Injectable } from '@nestjs/common';
import { STATUSES } from './status-subscription';

/** Receives what services and managers tell of themselves, and the tail's events of other managers. */
@Injectable()
export class StatusHandler {
  constructor(private readonly line: StatusChannel) {}

  @RabbitSubscribe({ name: STATUSES })
  receive(body: Buffer, { fields, properties }: ConsumeMessage): void {
    this.line.receive({ body, exchange: fields.exchange, userId: properties.userId });
  }
}
