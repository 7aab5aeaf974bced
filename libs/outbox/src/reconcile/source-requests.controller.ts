import { isTransientDatabaseError } from '@dbem/postgres';
import {
  OrphansToDelete,
  PUBLISHER_REQUESTS,
  RangeToSend,
  type ReadState,
  RequestController,
  type RowDigest,
  RowsToSend,
  type SendRangeResult,
  type SendResult,
  type SourceDescription,
  SourceMethods,
  SourceQuery,
  SourceRowsQuery,
  SourceStatesQuery,
  SplitQuery,
  type SplitRanges,
} from '@dbem/transport';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ReconcileSources } from './reconcile-sources';

/** Maximum entities per request, to bound its time and memory. */
const MAX_ROWS = 50_000;
const MAX_SENT_ROWS = 2_000;

/** Handles a reconcile run's requests to the publisher. */
@RequestController(isTransientDatabaseError)
export class SourceRequestsController {
  constructor(private readonly sources: ReconcileSources) {}

  @MessagePattern(SourceMethods.describe.name, PUBLISHER_REQUESTS)
  async describe(@Payload() { entityType }: SourceQuery): Promise<SourceDescription> {
    return this.sources.reader(entityType).describe();
  }

  @MessagePattern(SourceMethods.split.name, PUBLISHER_REQUESTS)
  async split(@Payload() { entityType, fields, range, rows, limit }: SplitQuery): Promise<SplitRanges> {
    const ranges = Math.min(limit, Math.ceil(MAX_ROWS / rows));
    return this.sources.reader(entityType).split(fields, range, Math.min(rows, MAX_ROWS), ranges);
  }

  @MessagePattern(SourceMethods.rows.name, PUBLISHER_REQUESTS)
  async rows(@Payload() { entityType, fields, range, limit }: SourceRowsQuery): Promise<RowDigest[]> {
    return this.sources.reader(entityType).rows(fields, range, Math.min(limit, MAX_SENT_ROWS));
  }

  @MessagePattern(SourceMethods.readStates.name, PUBLISHER_REQUESTS)
  async readStates(@Payload() { entityType, fields, entityIds }: SourceStatesQuery): Promise<ReadState[]> {
    return this.sources.reader(entityType).readStates(fields, entityIds);
  }

  @MessagePattern(SourceMethods.sendRange.name, PUBLISHER_REQUESTS)
  async sendRange(@Payload() { entityType, recipient, range, limit }: RangeToSend): Promise<SendRangeResult> {
    return this.sources.sender(entityType).sendRange(recipient, range, Math.min(limit, MAX_SENT_ROWS));
  }

  @MessagePattern(SourceMethods.sendRows.name, PUBLISHER_REQUESTS)
  async sendRows(@Payload() { entityType, recipient, rows }: RowsToSend): Promise<SendResult> {
    return this.sources.sender(entityType).sendRows(recipient, rows);
  }

  @MessagePattern(SourceMethods.deleteOrphans.name, PUBLISHER_REQUESTS)
  async deleteOrphans(@Payload() { entityType, recipient, fields, orphans }: OrphansToDelete): Promise<SendResult> {
    return this.sources.remover(entityType).deleteOrphans(recipient, fields, orphans);
  }
}
