import type { Subscription } from '@dbem/db-event';
import { ServiceTokenGuard } from '@dbem/http';
import {
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  NotFoundException,
  Param,
  Put,
  UseGuards,
} from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Replication } from './replication';
import type { SubscriptionState } from './subscriptions/subscription-client';

export interface ReplicationReport {
  readonly applied: number;
  readonly stale: number;
  /** Of the stale ones, those that had failed before. */
  readonly staleRetries: number;
  /** Had to wait for what they depend on; they were applied or parked later, or wait still. */
  readonly deferred: number;
  readonly retried: number;
  readonly parked: number;
  readonly lastLagMs: number | null;
  readonly subscriptions: readonly SubscriptionState[];
}

/**
 * What this instance has replicated since its start, and the service's subscriptions. Closed but to the service's token, which
 * `ServiceTokenModule` knows.
 */
@ApiTags('replication')
@ApiBearerAuth()
@UseGuards(ServiceTokenGuard)
@Controller('replication')
export class ReplicationController {
  constructor(private readonly replication: Replication) {}

  @ApiOperation({ summary: 'Show what this instance has replicated' })
  @Get()
  report(): ReplicationReport {
    const { counts, subscriptions } = this.replication;
    return {
      applied: counts.applied,
      stale: counts.stale,
      staleRetries: counts.staleRetries,
      deferred: counts.deferredCount,
      retried: counts.retriedCount,
      parked: counts.parkedCount,
      lastLagMs: counts.lastLagMs ?? null,
      subscriptions: subscriptions.states,
    };
  }

  @ApiOperation({ summary: 'Subscribe to a publisher', description: 'Answers when the event manager has accepted.' })
  @Put('subscriptions/:publisher')
  @HttpCode(HttpStatus.NO_CONTENT)
  async subscribe(@Param('publisher') publisher: string): Promise<void> {
    await this.replication.subscriptions.subscribe(this.declaredFor(publisher));
  }

  @ApiOperation({
    summary: 'Unsubscribe from a publisher',
    description: 'Answers when the event manager has accepted. Holds until the service’s next start.',
  })
  @Delete('subscriptions/:publisher')
  @HttpCode(HttpStatus.NO_CONTENT)
  async unsubscribe(@Param('publisher') publisher: string): Promise<void> {
    await this.replication.subscriptions.unsubscribe(this.declaredFor(publisher));
  }

  private declaredFor(publisher: string): Subscription {
    const declared = this.replication.subscriptions.declaredFor(publisher);
    if (declared === undefined) throw new NotFoundException(`This service handles nothing of "${publisher}".`);
    return declared;
  }
}
