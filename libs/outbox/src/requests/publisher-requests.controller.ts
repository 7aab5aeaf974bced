import { isTransientDatabaseError } from '@dbem/postgres';
import {
  PUBLISHER_REQUESTS,
  type PublishedSchema,
  PublisherMethods,
  RequestController,
  type SourceEntity,
  SourceEntityKey,
} from '@dbem/transport';
import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { type CompleteOutboxOptions, OUTBOX_OPTIONS } from '../outbox-options';
import { findSourceEntity } from './find-source-entity';

/** What the event manager asks of a publisher about its entities. */
@RequestController(isTransientDatabaseError)
export class PublisherRequestsController {
  constructor(@Inject(OUTBOX_OPTIONS) private readonly options: CompleteOutboxOptions) {}

  @MessagePattern(PublisherMethods.entity.name, PUBLISHER_REQUESTS)
  entity(@Payload() key: SourceEntityKey): Promise<SourceEntity> {
    return findSourceEntity(this.options.pool, key);
  }

  /** Of the sources, as far as their codecs say. */
  @MessagePattern(PublisherMethods.schemas.name, PUBLISHER_REQUESTS)
  schemas(): PublishedSchema[] {
    const { sources = [] } = this.options;
    return sources.flatMap(({ codec: { entityType, schema } }) =>
      schema === undefined ? [] : [{ entityType, ...schema }],
    );
  }
}
