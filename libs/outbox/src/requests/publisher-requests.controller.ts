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

/** Handles the event manager's requests about a publisher's entities. */
@RequestController(isTransientDatabaseError)
export class PublisherRequestsController {
  constructor(@Inject(OUTBOX_OPTIONS) private readonly options: CompleteOutboxOptions) {}

  @MessagePattern(PublisherMethods.entity.name, PUBLISHER_REQUESTS)
  entity(@Payload() key: SourceEntityKey): Promise<SourceEntity> {
    return findSourceEntity(this.options.pool, key);
  }

  /** The schemas of the sources whose codecs have one. */
  @MessagePattern(PublisherMethods.schemas.name, PUBLISHER_REQUESTS)
  schemas(): PublishedSchema[] {
    const { sources = [] } = this.options;
    return sources.flatMap(({ codec: { entityType, schema } }) =>
      schema === undefined ? [] : [{ entityType, ...schema }],
    );
  }
}
