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
  /** Stale events that had failed before. */
  readonly staleRetries: number;
  /** Events that had to wait for their dependencies: applied or parked later, or still waiting. */
  readonly deferred: number;
  readonly retried: number;
  readonly parked: number;
  readonly lastLagMs: number | null;
  readonly subscriptions: readonly SubscriptionState[];
}

/**
 * The counters of this instance since its start, and the service's subscriptions. Requires the service's token, which
 * `ServiceTokenModule` provides.
 */
@ApiTags('replication')
@ApiBearerAuth()
@UseGuards(ServiceTokenGuard)
@Controller('replication')
export class ReplicationController {
  constructor(private readonly replication: Replication) {}

  @ApiOperation({ summary: 'Show the replication counters of this instance' })
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

  @ApiOperation({
    summary: 'Subscribe to a publisher',
    description: 'Responds when the event manager has accepted the subscription.',
  })
  @Put('subscriptions/:publisher')
  @HttpCode(HttpStatus.NO_CONTENT)
  async subscribe(@Param('publisher') publisher: string): Promise<void> {
    await this.replication.subscriptions.subscribe(this.declaredFor(publisher));
  }

  @ApiOperation({
    summary: 'Unsubscribe from a publisher',
    description: 'Responds when the event manager has accepted the request. Effective until the service’s next start.',
  })
  @Delete('subscriptions/:publisher')
  @HttpCode(HttpStatus.NO_CONTENT)
  async unsubscribe(@Param('publisher') publisher: string): Promise<void> {
    await this.replication.subscriptions.unsubscribe(this.declaredFor(publisher));
  }

  private declaredFor(publisher: string): Subscription {
    const declared = this.replication.subscriptions.declaredFor(publisher);
    if (declared === undefined)
      throw new NotFoundException(`This service has no handler for publisher "${publisher}".`);
    return declared;
  }
}
