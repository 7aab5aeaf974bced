import { MANAGER_SERVICE_NAME, type Subscription } from '@dbem/db-event';
import { answer, answerPageOf, type Page, PageQuery, pageOfSorted } from '@dbem/http';
import { Broker, INTAKE_QUEUE, parkedQueueOf, QueueContents, serviceQueueOf } from '@dbem/transport';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type QueueDto, ServiceDto } from './service.dto';
import { SubscriptionService } from './subscription.service';

@ApiTags('services')
@ApiBearerAuth()
@Controller('admin/v1/services')
export class ServicesController {
  constructor(
    private readonly subscriptions: SubscriptionService,
    private readonly broker: Broker,
    private readonly contents: QueueContents,
  ) {}

  @ApiOperation({
    summary: 'List services with their queues',
    description:
      'The event manager and then every service in the map, with the depth and the consumers of their queues.',
  })
  @Get()
  @ApiOkResponse(answer(answerPageOf(ServiceDto)))
  async list(@Query() query: PageQuery): Promise<Page<ServiceDto>> {
    const all = this.subscriptions.list();
    const names = new Set(all.flatMap(({ publisher, subscriber }) => [publisher, subscriber]));
    // An empty key sorts the manager first; its name is reserved, so no service has it.
    const { items, ...rest } = pageOfSorted(
      [MANAGER_SERVICE_NAME, ...[...names].sort()],
      query,
      (name) => [name === MANAGER_SERVICE_NAME ? '' : name],
      (name) => name,
    );
    return { items: await Promise.all(items.map((name) => this.describe(name, all))), ...rest };
  }

  private async describe(name: string, all: readonly Subscription[]): Promise<ServiceDto> {
    const queueName = name === MANAGER_SERVICE_NAME ? INTAKE_QUEUE : serviceQueueOf(name);
    const [queue, parked] = await Promise.all([this.inspect(queueName), this.inspect(parkedQueueOf(name))]);
    return {
      name,
      subscribesTo: all.filter(({ subscriber }) => subscriber === name).map(({ publisher }) => publisher),
      subscribers: all.filter(({ publisher }) => publisher === name).map(({ subscriber }) => subscriber),
      ...(queue !== undefined && { queue }),
      ...(parked !== undefined && { parked }),
    };
  }

  private async inspect(name: string): Promise<QueueDto | undefined> {
    const state = await this.broker.topology.inspectQueue(name);
    return state && { name, ...state, events: this.contents.eventsIn(name, state.messages) };
  }
}
