import { isTransientDatabaseError } from '@dbem/postgres';
import {
  CutQuery,
  type CutRanges,
  GhostsToBury,
  type LookedAt,
  OfSource,
  PUBLISHER_REQUESTS,
  RangeToSend,
  RequestController,
  type RowDigest,
  RowsToSend,
  type Sent,
  type SentOfRange,
  type SourceDescription,
  SourceLookQuery,
  SourceMethods,
  SourceRowsQuery,
} from '@dbem/transport';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ReconcileSources } from './reconcile-sources';

/** Most entities in one request, so that none takes long or much memory. */
const MAX_ROWS = 50_000;
const MAX_SENT_ROWS = 2_000;

/** What a run of reconcile asks of a publisher. */
@RequestController(isTransientDatabaseError)
export class SourceRequestsController {
  constructor(private readonly sources: ReconcileSources) {}

  @MessagePattern(SourceMethods.describe.name, PUBLISHER_REQUESTS)
  async describe(@Payload() { entityType }: OfSource): Promise<SourceDescription> {
    return this.sources.reader(entityType).describe();
  }

  @MessagePattern(SourceMethods.cut.name, PUBLISHER_REQUESTS)
  async cut(@Payload() { entityType, fields, range, rows, limit }: CutQuery): Promise<CutRanges> {
    const ranges = Math.min(limit, Math.ceil(MAX_ROWS / rows));
    return this.sources.reader(entityType).cut(fields, range, Math.min(rows, MAX_ROWS), ranges);
  }

  @MessagePattern(SourceMethods.rows.name, PUBLISHER_REQUESTS)
  async rows(@Payload() { entityType, fields, range, limit }: SourceRowsQuery): Promise<RowDigest[]> {
    return this.sources.reader(entityType).rows(fields, range, Math.min(limit, MAX_SENT_ROWS));
  }

  @MessagePattern(SourceMethods.look.name, PUBLISHER_REQUESTS)
  async look(@Payload() { entityType, fields, entityIds }: SourceLookQuery): Promise<LookedAt[]> {
    return this.sources.reader(entityType).look(fields, entityIds);
  }

  @MessagePattern(SourceMethods.sendRange.name, PUBLISHER_REQUESTS)
  async sendRange(@Payload() { entityType, recipient, range, limit }: RangeToSend): Promise<SentOfRange> {
    return this.sources.sender(entityType).sendRange(recipient, range, Math.min(limit, MAX_SENT_ROWS));
  }

  @MessagePattern(SourceMethods.sendRows.name, PUBLISHER_REQUESTS)
  async sendRows(@Payload() { entityType, recipient, rows }: RowsToSend): Promise<Sent> {
    return this.sources.sender(entityType).sendRows(recipient, rows);
  }

  @MessagePattern(SourceMethods.bury.name, PUBLISHER_REQUESTS)
  async bury(@Payload() { entityType, recipient, fields, ghosts }: GhostsToBury): Promise<Sent> {
    return this.sources.remover(entityType).bury(recipient, fields, ghosts);
  }
}
